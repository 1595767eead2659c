"""The scores as a table for LaTeX, with rules of the package booktabs."""

from __future__ import annotations

from textrep.evaluation import Report, Result
from textrep.evaluation.cells import number as decimals
from textrep.evaluation.notes import best, heading
from textrep.report.contents import Contents
from textrep.report.words import as_text

__all__ = ["to_latex"]

_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "_": r"\_", "%": r"\%", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}",
}  # fmt: skip


def to_latex(contents: Contents) -> str:
    """Return a table: a row a benchmark, a column a model; bold are the best and those tied."""
    report = contents.report
    columns = " & ".join(["", "items", *map(_escaped, report.models)])
    lines = [
        "% needs \\usepackage{booktabs}",
        "\\begin{table}",
        "\\centering",
        f"\\begin{{tabular}}{{l{'r' * (1 + len(report.models))}}}",
        "\\toprule",
        f"{columns} \\\\",
    ]
    for average in report.averages():
        span = 2 + len(report.models)
        title = _escaped(heading(report, average.task))
        lines += ["\\midrule", f"\\multicolumn{{{span}}}{{l}}{{\\emph{{{title}}}}} \\\\"]
        names = [name for name in report.benchmarks if report.of(name)[0].task == average.task]
        lines += [_row(report, name) for name in names]
        if len(names) > 1 and average.averaged:
            means = [decimals(average.scores[model]) for model in report.models]
            lines.append(" & ".join([f"mean of {len(average.benchmarks)}", "", *means]) + r" \\")
    told = _escaped(as_text(contents.summary[0]))
    lines += [
        "\\bottomrule",
        "\\end{tabular}",
        f"\\caption{{{told} Half of the 95\\% interval in small type; bold: the best and those "
        "that paired tests do not tell apart from it, where they tell any apart.}",
        "\\end{table}",
    ]
    return "\n".join(lines) + "\n"


def _row(report: Report, benchmark: str) -> str:
    results = report.of(benchmark)
    marked = best(report, benchmark)
    cells = [_cell(result, result.model in marked) for result in results]
    return " & ".join([_escaped(benchmark), str(results[0].n_items), *cells]) + r" \\"


def _cell(result: Result, marked: bool) -> str:
    number = decimals(result.score)
    half = result.estimate.half_width
    shown = f"\\textbf{{{number}}}" if marked else number
    if half is None:
        return shown
    return f"{shown} {{\\scriptsize $\\pm${decimals(half, like=result.score)}}}"


def _escaped(text: str) -> str:
    return "".join(_SPECIAL.get(letter, letter) for letter in text if letter.isprintable())
