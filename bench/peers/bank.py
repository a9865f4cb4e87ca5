"""The peers on the bank campaigns: bank.py FILE kfold:5|time:0.8 [OUR_PREDICTIONS]"""
import json
import sys

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from xgboost import XGBClassifier

RESAMPLES = 400


def models(numbers, categories):
    one_hot = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    columns = lambda: make_column_transformer((StandardScaler(), numbers), (one_hot, categories))
    return {
        "logistic, C = 1": make_pipeline(columns(), LogisticRegression(C=1, max_iter=1000)),
        "gradient boosting": make_pipeline(
            columns(),
            HistGradientBoostingClassifier(learning_rate=0.05, max_iter=200, max_leaf_nodes=15, random_state=0),
        ),
        "xgboost": make_pipeline(
            columns(), XGBClassifier(n_estimators=300, max_depth=4, learning_rate=0.05, n_jobs=1, random_state=0)
        ),
        "random forest": make_pipeline(
            columns(), RandomForestClassifier(n_estimators=300, min_samples_leaf=5, n_jobs=1, random_state=0)
        ),
    }


def parts(rows, split):
    kind, amount = split.split(":")
    index = np.arange(rows)
    if kind == "time":
        border = int(rows * float(amount))
        return [(index[:border], index[border:])]
    return [(index[index % int(amount) != fold], index[index % int(amount) == fold]) for fold in range(int(amount))]


def figures(y, predicted, tests):
    return [
        np.mean([roc_auc_score(y[rows], predicted[rows]) for rows in tests]),
        np.mean([log_loss(y[rows], np.clip(predicted[rows], 1e-7, 1 - 1e-7)) for rows in tests]),
    ]


def main(path, split, ours_path=None):
    data = pd.read_csv(path, sep=";").drop(columns="duration")
    y = (data.pop("y") == "yes").to_numpy().astype(int)
    numbers = list(data.select_dtypes("number").columns)
    categories = [name for name in data if name not in numbers]
    folds = parts(len(y), split)
    tests = [test for _, test in folds]
    ours = None
    if ours_path:
        ours = np.full(len(y), np.nan)
        read = pd.read_csv(ours_path)
        ours[read["row"]] = read["predicted"]
    result = {} if ours is None else {"ours": dict(zip(("auc", "logLoss"), figures(y, ours, tests)))}
    for name, model in models(numbers, categories).items():
        predicted = np.full(len(y), np.nan)
        for train, test in folds:
            predicted[test] = model.fit(data.iloc[train], y[train]).predict_proba(data.iloc[test])[:, 1]
        told = dict(zip(("auc", "logLoss"), figures(y, predicted, tests)))
        if ours is not None:
            rng = np.random.default_rng(1)
            drawn = []
            for _ in range(RESAMPLES):
                sample = [rng.choice(rows, len(rows)) for rows in tests]
                drawn.append(np.subtract(figures(y, ours, sample), figures(y, predicted, sample)))
            low, high = np.percentile(drawn, [2.5, 97.5], axis=0)
            told["oursLessThis"] = {"auc": [low[0], high[0]], "logLoss": [low[1], high[1]]}
        result[name] = told
        print(name, told, file=sys.stderr, flush=True)
    print(json.dumps(result))


main(*sys.argv[1:])
