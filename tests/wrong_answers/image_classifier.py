"""Wrong answers to the exercises of image_classifier, and a piece of the hint that each should get."""

DEAD = "def dead(maps):\n    return {}\n\ncheck_dead(dead)"
VARIANCE = "def running_variance(batch, before):\n    return {}\n\ncheck_variance(running_variance)"

WRONG = {
    "check_pattern('[CONV8-RELU-POOL]*2-FC20-RELU-FC100-SOFTMAX')": "leave the softmax to the loss",
    "check_pattern('[CONV8-RELU-POOL]*2-FC20-RELU')": "each of the 100 classes",
    "check_pattern('(CONV8-RELU)*2-POOL-FC20-RELU-FC100')": "2 convolutions and 1 poolings",
    "check_pattern('[CONV8-RELU-POOL]*2-FC20-FC100')": "the order or a ReLU",
    "check_pattern('[CONV16-RELU-POOL]*2-FC20-RELU-FC100')": "not their sizes",
    "check_pattern('[CONV8-RELU-POL]*2-FC20-RELU-FC100')": "there is no layer POL",
    "check_pattern(100)": "it cannot be read",
    DEAD.format("(maps == 0).sum()"): "counts dark pixels",
    DEAD.format("(maps.max(axis=(2, 3)) == 0).sum()"): "dark on one picture",
    DEAD.format("(maps.min(axis=(0, 2, 3)) == 0).sum()"): "no bright pixel",
    DEAD.format("(maps.max(axis=(0, 2, 3)) > 0).sum()"): "the living ones",
    DEAD.format("(maps.max(axis=(0, 2, 3)) < 0).sum()"): "nothing is below",
    DEAD.format("maps.max(axis=(0, 2, 3)) == 0"): "return one number",
    VARIANCE.format("0.9 * before + 0.1 * batch.var()"): "Divide by n - 1",
    VARIANCE.format("0.1 * before + 0.9 * batch.var(ddof=1)"): "the other way round",
    VARIANCE.format("batch.var(ddof=1)"): "forgets all earlier batches",
    VARIANCE.format("before + 0.1 * batch.var(ddof=1)"): "only grows",
    VARIANCE.format("0.9 * before + 0.1 * batch.std()"): "Variance is its square",
    VARIANCE.format("before"): "it should be 3.1",
}
