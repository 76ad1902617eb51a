"""One rate ratio for each district from sources that each see only a part of what happened.

For district d and column s (one table, or the counts of one source) with y reported attacks, and E residents/100,000
times years of its period: y[d,s] is negative binomial with mean E[d,s] exp(a[d] + b[publisher of s]) and size
1/sigma[s]^2; a[d] ~ normal(0, 1), b without a prior. exp(a) is the rate ratio to the typical district, exp(b) what a
source sees of it, in attacks per 100,000 residents and year. sigma is the standard deviation between districts of the
logarithm of the share that a source captures: a judgement, so results are also given at half and twice of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# By kind of column. Figures that publishers print for the same districts and year differ with sd 0.6 of the log ratio
# (two of .4); the register and a file of a user rest on what newsrooms or a person caught; UCDP applies one
# rule to all districts.
SIGMA: dict[str, float] = {"published": 0.4, "ucdp_ged": 0.6, "register": 0.8, "other": 0.8}
PRIOR_SD = 1.0  # of ln(rate) between districts
HIGH_RATIO = 3.0  # "high" means a rate above three times that of the typical district
Z_90 = 1.6448536269514722  # half of a 90 % interval in standard deviations
CLASSES: tuple[str, ...] = ("not_high", "open", "probably_high", "high")
_CLASS_LIMITS = (0.1, 0.6, 0.9)  # of the probability that the ratio is above HIGH_RATIO
_MOST_STEPS, _LONGEST_STEP, _CONVERGED = 200, 1.0, 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """What one table or one source states. kind: key of SIGMA. first, last: inclusive period.

    counts: float64 (n,), attacks by district, NaN where the source says nothing. exposure: float64 (n,), residents
    / 100,000 x years. Columns of one publisher share what they see of the whole.
    """

    kind: str
    publisher: str
    first: date
    last: date
    counts: Floats
    exposure: Floats
    url: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Mode and covariance of ln(rate ratio) by district (a, shape n) and ln(level) by publisher (b, shape m).

    covariance: (n + m, n + m), inverse of the expected information.
    """

    a: Floats
    b: Floats
    covariance: Floats

    @property
    def sd(self) -> Floats:
        """Standard deviation of a."""
        return np.asarray(np.sqrt(np.diag(self.covariance)[: len(self.a)]))


@dataclass(frozen=True, slots=True, eq=False)
class Synthesis:
    """Result for one window; every array has one value a district.

    ratio: rate ratio to the typical district, with the 90 % interval low to high. probability: that the ratio is above
    HIGH_RATIO. classes: of CLASSES; classes_half, classes_twice: with half and twice of each sigma. n_publishers: how
    many state the district. levels: attacks per 100,000 residents and year that a publisher reports of the typical
    district. fit and columns: what the rest is made of.
    """

    ratio: Floats
    low: Floats
    high: Floats
    probability: Floats
    classes: tuple[str, ...]
    classes_half: tuple[str, ...]
    classes_twice: tuple[str, ...]
    n_publishers: NDArray[np.int64]
    levels: dict[str, float]
    fit: Fit
    columns: tuple[Column, ...]


def synthesise(columns: Sequence[Column], n_districts: int) -> Synthesis:
    """Return the rate ratios that columns of the same districts give together; without a column, those of the prior."""
    fit, half, twice = (fit_columns(columns, n_districts, scale) for scale in (1.0, 0.5, 2.0))
    publishers = publishers_of(columns)
    seen = [np.any([_is_seen(c) for c in columns if c.publisher == name], axis=0) for name in publishers]
    return Synthesis(
        ratio=np.exp(fit.a),
        low=np.exp(fit.a - Z_90 * fit.sd),
        high=np.exp(fit.a + Z_90 * fit.sd),
        probability=probability_high(fit),
        classes=classes_of(fit),
        classes_half=classes_of(half),
        classes_twice=classes_of(twice),
        n_publishers=np.sum([np.zeros(n_districts), *seen], axis=0).astype(np.int64),
        levels=dict(zip(publishers, np.exp(fit.b).tolist(), strict=True)),
        fit=fit,
        columns=tuple(columns),
    )


def publishers_of(columns: Sequence[Column]) -> tuple[str, ...]:
    """Return the publishers in the order of their first column: the order of b in a fit."""
    return tuple(dict.fromkeys(column.publisher for column in columns))


def fit_columns(columns: Sequence[Column], n_districts: int, sigma_scale: float = 1.0) -> Fit:
    """Return the fit of columns, with every sigma of SIGMA times sigma_scale."""
    if not columns:
        return Fit(np.zeros(n_districts), np.zeros(0), np.eye(n_districts) * PRIOR_SD**2)
    publishers = publishers_of(columns)
    return fit_counts(
        np.stack([column.counts for column in columns], axis=1),
        np.stack([column.exposure for column in columns], axis=1),
        np.array([(SIGMA[column.kind] * sigma_scale) ** -2 for column in columns]),
        np.array([publishers.index(column.publisher) for column in columns]),
    )


def fit_counts(counts: Floats, exposure: Floats, size: Floats, level: NDArray[np.integer]) -> Fit:
    """Return posterior mode, by Newton's method, and covariance.

    counts, exposure: (n, s), NaN in counts where nothing is stated. size: (s,), 1/sigma^2. level: (s,), position of the
    publisher of each column. Raises ArithmeticError if the steps do not converge.
    """
    n = len(counts)
    member = np.eye(int(level.max()) + 1)[level]
    seen = np.isfinite(counts) & (exposure > 0)
    stated, exposed = np.where(seen, counts, 0.0), np.where(seen, exposure, 0.0)
    a = np.zeros(n)
    b = np.log((stated.sum(axis=0) @ member + 0.5) / (exposed.sum(axis=0) @ member))
    for _step in range(_MOST_STEPS):
        mean = exposed * np.exp(a[:, None] + b[level])
        score = np.where(seen, stated - mean, 0.0) / (1 + mean / size)
        gradient = np.concatenate([score.sum(axis=1) - a / PRIOR_SD**2, score.sum(axis=0) @ member])
        # The likelihood is concave in a and b, so steps with the observed curvature always lead to the mode.
        curvature = _information(mean * (1 + stated / size) / (1 + mean / size) ** 2, member)
        step = np.clip(np.linalg.solve(curvature, gradient), -_LONGEST_STEP, _LONGEST_STEP)
        a, b = a + step[:n], b + step[n:]
        if np.abs(step).max() < _CONVERGED:
            return Fit(a, b, _inverse(_information(_expected_weight(mean, size), member)))
    raise ArithmeticError("the fit of the sources does not converge")


def _expected_weight(mean: Floats, size: Floats) -> Floats:
    """Return what each cell is expected to tell about the logarithm of its mean: mean / (1 + mean / size)."""
    return mean / (1 + mean / size)


def _information(weight: Floats, member: Floats) -> Floats:
    """Return the information about (a, b) that cells of a weight hold together with the prior of a: (n + m, n + m).

    weight: (n, s). member: (s, m), 1 where a column is of a publisher. The small number keeps a column of zeros from
    making the matrix singular.
    """
    n, m = len(weight), member.shape[1]
    found = np.zeros((n + m, n + m))
    found[:n, :n] = np.diag(weight.sum(axis=1) + 1 / PRIOR_SD**2)
    found[n:, n:] = np.diag(weight.sum(axis=0) @ member + 1e-9)
    found[:n, n:] = weight @ member
    found[n:, :n] = found[:n, n:].T
    return found


def _inverse(matrix: Floats) -> Floats:
    return np.asarray(np.linalg.inv(matrix), dtype=np.float64)


def with_column(synthesis: Synthesis, column: Column) -> Fit:
    """Return the fit with one more column that states just what is expected of it: a stays, intervals narrow.

    Of its counts only matters which are NaN: these districts it does not state.
    """
    publishers = publishers_of(synthesis.columns)
    known = column.publisher in publishers
    typical = float(np.median(synthesis.fit.b))
    b = synthesis.fit.b if known else np.append(synthesis.fit.b, typical)
    columns = [*synthesis.columns, column]
    level = np.array([(*publishers, column.publisher).index(c.publisher) for c in columns])
    seen = np.stack([_is_seen(c) for c in columns], axis=1)
    exposure = np.stack([c.exposure for c in columns], axis=1)
    mean = np.where(seen, exposure * np.exp(synthesis.fit.a[:, None] + b[level]), 0.0)
    size = np.array([SIGMA[c.kind] ** -2 for c in columns])
    information = _information(_expected_weight(mean, size), np.eye(len(b))[level])
    return replace(synthesis.fit, b=b, covariance=_inverse(information))


def probability_high(fit: Fit) -> Floats:
    """Return the probability by district that the rate ratio is above HIGH_RATIO, normal on the log scale."""
    from scipy.special import ndtr

    return np.asarray(ndtr((fit.a - np.log(HIGH_RATIO)) / fit.sd))


def classes_of(fit: Fit) -> tuple[str, ...]:
    """Return the class of each district, of CLASSES, by the probability that it is high."""
    places = np.searchsorted(_CLASS_LIMITS, probability_high(fit), side="right")
    return tuple(CLASSES[place] for place in places)


def _is_seen(column: Column) -> NDArray[np.bool_]:
    return np.isfinite(column.counts) & (column.exposure > 0)
