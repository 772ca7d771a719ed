"""Wrong answers to the exercises of baselines, and a piece of the hint that each should get."""

VOTE = """def vote(image, images, labels, k):
    distances = {}
    return {}

check_vote(vote)"""
L1 = "abs(images - image).sum(axis=1)"
WINNER = "np.bincount(labels[distances.argsort()[:k]]).argmax()"
SHARE = "check_share({})"

WRONG = {
    VOTE.format(L1, "None"): "returns None",
    VOTE.format(L1, "labels[distances.argsort()[:k]]"): "return one label",
    VOTE.format(L1, "labels[distances.argmin()]"): "All k vote",
    VOTE.format(L1, "np.bincount(labels[distances.argsort()[-k:]]).argmax()"): "these are far away",
    VOTE.format("(images - image).sum(axis=1)", WINNER): "did you drop the signs",
    VOTE.format(L1, "distances.argsort()[:k][0]"): "not its label",
    VOTE.format(L1, "labels[distances.argsort()[:k]].mean()"): "Count votes",
    VOTE.format(L1, "round(labels[distances.argsort()[:k]].mean())"): "Count votes",
    VOTE.format("((images - image) ** 2).sum(axis=1)", WINNER): "Yours is the L2 distance",
    VOTE.format(L1, "np.bincount(labels[distances.argsort()[:3]]).argmax()"): "Do you use k?",
    VOTE.format(L1, f"{WINNER} if k < 9 else 0"): "with k = 9",
    VOTE.format(L1, "8"): "the winner is 3",
    SHARE.format("None"): "put a number",
    SHARE.format("62.7"): "between 0 and 1",
    SHARE.format("357"): "between 0 and 1",
    SHARE.format("212 / 569"): "the rarer answer",
    SHARE.format("0.5"): "this is a coin",
    SHARE.format("0.62"): "your friend's program",
    SHARE.format("0.9"): "Count how often",
}
