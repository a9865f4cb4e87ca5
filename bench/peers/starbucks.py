"""Logistic regression and gradient boosting on the reference's features: starbucks.py FOLDER"""
import datetime
import gzip
import json
import sys
from collections import defaultdict

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

CHANNELS = ("web", "email", "mobile", "social")
KINDS = ("bogo", "discount", "informational")
WINDOW = 120
LAST_TRAINING_WAVE = 408


def rows_of(folder, name):
    with gzip.open(f"{folder}/{name}.ndjson.gz", "rt") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def offer_of(event):
    return event["value"].get("offer id") or event["value"].get("offer_id")


def units(folder):
    offers = {offer["id"]: offer for offer in rows_of(folder, "portfolio")}
    people = {person["id"]: person for person in rows_of(folder, "profile")}
    by_person = defaultdict(list)
    for event in rows_of(folder, "transcript"):
        by_person[event["person"]].append(event)
    for person_id, events in by_person.items():
        person = about(people[person_id])
        for event in events:
            if event["event"] == "offer received":
                offer = offers[offer_of(event)]
                yield terms(offer) + person + past(events, event["time"]), labels(events, event, offer), event["time"]


def about(person):
    day = str(person["became_member_on"]).replace("-", "")
    joined = datetime.date(int(day[:4]), int(day[4:6]), int(day[6:8]))
    age = np.nan if person["age"] == 118 else person["age"]
    income = np.nan if person["income"] is None else person["income"]
    gender = [float(person["gender"] == letter) for letter in ("F", "M", "O")]
    return [age, income, (datetime.date(2018, 7, 26) - joined).days] + gender


def terms(offer):
    kinds = [float(offer["offer_type"] == kind) for kind in KINDS]
    channels = [float(channel in offer["channels"]) for channel in CHANNELS]
    return [offer["reward"], offer["difficulty"], offer["duration"]] + kinds + channels


def past(events, time):
    before = [event for event in events if event["time"] < time]
    spent = [(event["time"], event["value"]["amount"]) for event in before if event["event"] == "transaction"]
    amounts = [amount for _, amount in spent]
    count = lambda name: sum(event["event"] == name for event in before)
    received, viewed, completed = count("offer received"), count("offer viewed"), count("offer completed")
    share = lambda part: part / received if received else np.nan
    return [
        len(amounts),
        sum(amounts),
        np.mean(amounts) if amounts else np.nan,
        time - spent[-1][0] if spent else np.nan,
        sum(amount for hour, amount in spent if hour >= time - 168),
        received,
        viewed,
        completed,
        share(viewed),
        share(completed),
    ]


def labels(events, received, offer):
    start = received["time"]
    within = [event for event in events if start <= event["time"] <= start + WINDOW]
    of = lambda name: [event["time"] for event in within if event["event"] == name and offer_of(event) == offer["id"]]
    viewed = of("offer viewed")
    if offer["offer_type"] == "informational":
        return [float(bool(viewed)), np.nan]
    return [float(bool(viewed)), float(any(viewed and viewed[0] <= hour for hour in of("offer completed")))]


features, outcomes, hours = (np.array(column, dtype=float) for column in zip(*units(sys.argv[1])))
result = {}
for place, name in enumerate(("view", "complete")):
    known = ~np.isnan(outcomes[:, place])
    train, test = known & (hours <= LAST_TRAINING_WAVE), known & (hours > LAST_TRAINING_WAVE)
    models = {
        "logistic": make_pipeline(
            SimpleImputer(add_indicator=True), StandardScaler(), LogisticRegression(C=1, max_iter=1000)
        ),
        "gradient boosting": HistGradientBoostingClassifier(
            learning_rate=0.05, max_iter=200, max_leaf_nodes=15, random_state=0
        ),
    }
    for model_name, model in models.items():
        predicted = model.fit(features[train], outcomes[train, place]).predict_proba(features[test])[:, 1]
        happened = outcomes[test, place]
        told = {"auc": roc_auc_score(happened, predicted), "logLoss": log_loss(happened, predicted)}
        result[f"{name}, {model_name}"] = {**told, "rows": int(test.sum())}
print(json.dumps(result))
