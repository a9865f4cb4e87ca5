"""Peers on Hillstrom, optional: pip install scikit-uplift pandas scikit-learn, then
python bench/peers/uplift.py [path of hillstrom.csv.gz]. Prints Qini, AUUC and uplift at 30 % an arm."""

import os
import sys

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklift.metrics import qini_auc_score, uplift_at_k, uplift_auc_score
from sklift.models import TwoModels

FOLDS = 5
CATEGORIES = ["history_segment", "zip_code", "channel"]
NUMBERS = ["recency", "history", "mens", "womens", "newbie"]
METHODS = {"two-model logistic": "vanilla", "dependent data representation": "ddr_control"}

data = os.environ.get("NBA_DATA_DIR") or "../shared/data"
rows = pd.read_csv(sys.argv[1] if len(sys.argv) > 1 else f"{data}/hillstrom/hillstrom.csv.gz")
fold = np.arange(len(rows)) % FOLDS


def judged(arm: str, method: str, held: int) -> tuple[float, float, float]:
    own = rows.treatment.isin([arm, "No E-Mail"]).to_numpy()
    train, test = rows[own & (fold != held)], rows[own & (fold == held)]
    encoder = ColumnTransformer(
        [("categories", OneHotEncoder(), CATEGORIES), ("numbers", StandardScaler(), NUMBERS)], sparse_threshold=0
    ).fit(train)
    model = TwoModels(LogisticRegression(max_iter=1000), LogisticRegression(max_iter=1000), method=method)
    model.fit(encoder.transform(train), train.visit.to_numpy(), (train.treatment == arm).astype(int).to_numpy())
    effect = model.predict(encoder.transform(test))
    visit, treated = test.visit.to_numpy(), (test.treatment == arm).astype(int).to_numpy()
    return (
        qini_auc_score(visit, effect, treated),
        uplift_auc_score(visit, effect, treated),
        uplift_at_k(visit, effect, treated, strategy="overall", k=0.3),
    )


for arm in ("Womens E-Mail", "Mens E-Mail"):
    for name, method in METHODS.items():
        qini, auuc, at30 = np.mean([judged(arm, method, held) for held in range(FOLDS)], axis=0)
        print(f"{arm:14} {name:30} qini {qini:.4f}  auuc {auuc:.4f}  uplift at 30 % {at30:.4f}")
