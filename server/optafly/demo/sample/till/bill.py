"""Split a bill so that every cent of it is paid."""


def shares(total_cents: int, people: int) -> list[int]:
    """Return what each of `people` pays; together they pay `total_cents`."""
    if people < 1:
        raise ValueError("a bill needs somebody to pay it")
    share = round(total_cents / people)
    parts = [share] * people
    if sum(parts) != total_cents:
        raise ValueError(f"{people} people pay {sum(parts)} of {total_cents} cents")
    return parts


def receipt(total_cents: int, people: int) -> str:
    """Return one line per person."""
    parts = shares(total_cents, people)
    return "\n".join(f"person {number}: {cents / 100:.2f}" for number, cents in enumerate(parts, 1))
