"""Tables as Markdown."""


def line(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"
