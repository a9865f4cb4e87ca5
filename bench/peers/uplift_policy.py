"""The peer of Hillstrom's three-arm policy, optional: pip install vowpalwabbit pandas numpy, then
python bench/peers/uplift_policy.py hillstrom.csv.gz [ours.csv of `nba evaluate uplift --choices`].
Prints each policy's visits (self-normalised) and, given ours, by how much ours is ahead with the 95 % interval of the
paired difference (rows drawn with replacement, 400 times)."""

import sys

import numpy as np
import pandas as pd
import vowpalwabbit

FOLDS = 5
DRAWS = 400
ARMS = ["No E-Mail", "Mens E-Mail", "Womens E-Mail"]
SETTINGS = ["--cb_type dr", "--cb_type dr -l 0.05", "--cb_type mtr -l 0.05", "--cb_type ips -l 0.05"]

rows = pd.read_csv(sys.argv[1])
fold = np.arange(len(rows)) % FOLDS
arm = rows.treatment.map({name: place for place, name in enumerate(ARMS)}).to_numpy()
visit = rows.visit.to_numpy()
examples = [
    f"|x months={r.recency} recency:{r.recency / 12:.3f} history:{np.log1p(r.history) / 8:.4f} "
    f"segment={r.history_segment[0]} mens={r.mens} womens={r.womens} zip={r.zip_code} newbie={r.newbie} channel={r.channel}"
    for r in rows.itertuples()
]


def chosen_by(settings: str) -> np.ndarray:
    chosen = np.zeros(len(rows), int)
    for held in range(FOLDS):
        learner = vowpalwabbit.Workspace(f"--cb {len(ARMS)} {settings} --quiet --random_seed 1")
        for row in np.flatnonzero(fold != held):
            learner.learn(f"{arm[row] + 1}:{-visit[row]}:{1 / len(ARMS)} {examples[row]}")
        for row in np.flatnonzero(fold == held):
            chosen[row] = int(learner.predict(examples[row])) - 1
        learner.finish()
    return chosen


def value(chosen: np.ndarray, weights: np.ndarray) -> float:
    matched = weights * (chosen == arm)
    return float((matched * visit).sum() / matched.sum())


ours = None
if len(sys.argv) > 2:
    ours = pd.read_csv(sys.argv[2]).sort_values("row").arm.map({name: place for place, name in enumerate(ARMS)}).to_numpy()
rng = np.random.default_rng(1)
draws = [np.bincount(rng.integers(0, len(rows), len(rows)), minlength=len(rows)) for _ in range(DRAWS)]
once = np.ones(len(rows))
policies = {f"vw --cb {settings}": chosen_by(settings) for settings in SETTINGS}
policies["always Mens E-Mail"] = np.ones(len(rows), int)
for name, chosen in policies.items():
    said = f"{name:30} visits {value(chosen, once):.4f}"
    if ours is not None:
        ahead = [value(ours, weights) - value(chosen, weights) for weights in draws]
        low, high = np.quantile(ahead, [0.025, 0.975])
        said += f"  ours {value(ours, once):.4f}, ahead {value(ours, once) - value(chosen, once):+.4f} ({low:+.4f} to {high:+.4f})"
    print(said)
