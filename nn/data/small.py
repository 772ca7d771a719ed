"""Small data sets that come with scikit-learn."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np

from nn.data.dataset import TensorDataset


def _datasets() -> ModuleType:
    try:
        from sklearn import datasets
    except ImportError:
        raise ImportError('this data set comes with scikit-learn: pip install "chainrule[data]"') from None
    return datasets


def _table(loaded: Any) -> TensorDataset:
    features = [str(name) for name in loaded.feature_names]
    classes = [str(name) for name in loaded.target_names]
    return TensorDataset(
        loaded.data.astype(np.float32), loaded.target.astype(np.int64), classes=classes, features=features
    )


def digits() -> TensorDataset:
    """1,797 handwritten digits.

    Returns
    -------
    TensorDataset
        Images (1797, 1, 8, 8) from 0 to 1 as float32, and labels from 0 to 9 as int64.

    Raises
    ------
    ImportError
        When scikit-learn is missing.

    References
    ----------
    Alpaydin, Kaynak: Optical recognition of handwritten digits, UCI Machine Learning Repository, 1998.

    Examples
    --------
    >>> digits()
    TensorDataset(float32 (1797, 1, 8, 8), int64 (1797,))
    """
    loaded = _datasets().load_digits()
    images = (loaded.images[:, None] / 16).astype(np.float32)
    return TensorDataset(images, loaded.target.astype(np.int64), classes=[*"0123456789"])


def iris() -> TensorDataset:
    """150 irises of three species: lengths and widths of sepal and petal in cm.

    Raises
    ------
    ImportError
        When scikit-learn is missing.

    References
    ----------
    Fisher: The use of multiple measurements in taxonomic problems, 1936.

    Examples
    --------
    >>> iris(), iris().classes
    (TensorDataset(float32 (150, 4), int64 (150,)), ['setosa', 'versicolor', 'virginica'])
    """
    return _table(_datasets().load_iris())


def wine() -> TensorDataset:
    """178 wines of three growers: 13 results of a chemical analysis.

    Raises
    ------
    ImportError
        When scikit-learn is missing.

    References
    ----------
    Aeberhard, Forina: Wine, UCI Machine Learning Repository, 1991.

    Examples
    --------
    >>> wine()
    TensorDataset(float32 (178, 13), int64 (178,))
    """
    return _table(_datasets().load_wine())


def breast_cancer() -> TensorDataset:
    """569 tumours, malignant or benign: 30 features of their cells' nuclei.

    Raises
    ------
    ImportError
        When scikit-learn is missing.

    References
    ----------
    Wolberg, Mangasarian, Street, Street: Breast Cancer Wisconsin (Diagnostic), UCI Machine Learning Repository, 1993.

    Examples
    --------
    >>> breast_cancer(), breast_cancer().classes
    (TensorDataset(float32 (569, 30), int64 (569,)), ['malignant', 'benign'])
    """
    return _table(_datasets().load_breast_cancer())
