"""Wrong answers to the exercises of regularisation, and a piece of the hint that each should get."""

DECAY = "def decay_step(w, gradient, eps, alpha):\n    return {}\n\ncheck_decay(decay_step)"
DROP = "def drop(x, keep, p, training):\n    return {} if training else {}\n\ncheck_drop(drop)"

WRONG = {
    DECAY.format("w - eps * gradient"): "without decay",
    DECAY.format("(1 - alpha) * w - eps * gradient"): "goes through the learning rate",
    DECAY.format("w - eps * (gradient - alpha * w)"): "the weight grows",
    DECAY.format("w - eps * (gradient + 2 * alpha * w)"): "twice too much",
    DECAY.format("(1 - eps * alpha) * (w - eps * gradient)"): "the step decays, too",
    DECAY.format("w + eps * gradient"): "it is 1.89, yours is 2.05",
    DROP.format("x * keep", "x"): "must make up for the others",
    DROP.format("x * keep * (1 - p)", "x"): "even smaller",
    DROP.format("x * keep / p", "x"): "How likely is it to be kept",
    DROP.format("x[keep] / (1 - p)", "x"): "the shape stays",
    DROP.format("x * ~keep / (1 - p)", "x"): "with p = 0.2",
    DROP.format("x * keep / (1 - p)", "x * keep / (1 - p)"): "at test time nothing is dropped",
    DROP.format("x * keep / (1 - p)", "x * (1 - p)"): "leave the numbers alone",
    DROP.format("x * keep / (1 - p)", "None"): "training is right",
    "check_several(4)": "v / k alone",
    "check_several(7)": "7 of them err by 0.314",
    "check_several(10)": "fewer will do",
    "check_several(0.5)": "is whole",
}
