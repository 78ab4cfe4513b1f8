using System.Text.Json.Nodes;
using SpendGuard.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Doctor;

/// <summary>What was found, in the order of the checks.</summary>
internal sealed class DoctorReport(IReadOnlyList<Finding> findings) : IReport
{
    /// <summary>The first thing that is wrong; null when nothing is.</summary>
    public Finding? Fault => findings.FirstOrDefault(finding => finding.Verdict == Verdict.Fault);

    public JsonNode Json => new JsonObject
    {
        ["ok"] = Fault is null,
        ["checks"] = new JsonArray([.. findings.Select(JsonNode (finding) => new JsonObject
        {
            ["check"] = finding.Check,
            ["status"] = Status(finding.Verdict),
            ["finding"] = finding.Sentence,
            ["remedy"] = finding.Remedy,
        })]),
    };

    public IEnumerable<string> Lines
    {
        get
        {
            foreach (var finding in findings)
            {
                yield return Line.Of(finding.Check, $"{Status(finding.Verdict)} {finding.Sentence}");
                if (finding.Remedy is { } remedy)
                {
                    yield return Line.Of("remedy", remedy);
                }
            }
        }
    }

    public IRenderable Picture
    {
        get
        {
            var grid = new Grid().AddColumn(new GridColumn { NoWrap = true }).AddColumn(new GridColumn { NoWrap = true }).AddColumn();
            foreach (var finding in findings)
            {
                var (sign, colour) = finding.Verdict switch
                {
                    Verdict.Good => ("✓", Color.Green),
                    Verdict.Warning => ("!", Color.Yellow),
                    _ => ("✗", Color.Red),
                };
                grid.AddRow(
                    new Text(sign, new Style(colour)),
                    new Text(finding.Check.Replace('_', ' ')),
                    new Text(finding.Sentence, new Style(finding.Verdict == Verdict.Good ? Color.Grey : colour)));
                if (finding.Remedy is { } remedy)
                {
                    grid.AddRow(new Text(""), new Text(""), new Text("→ " + remedy));
                }
            }

            var sum = Fault is not null ? ""
                : findings.Any(finding => finding.Verdict == Verdict.Warning) ? "[yellow]It works. See to what is marked with !.[/]"
                : "[green]All is as it should be.[/]";
            return new Rows(grid, new Markup(sum));
        }
    }

    private static string Status(Verdict verdict) => verdict switch
    {
        Verdict.Good => "ok",
        Verdict.Warning => "warning",
        _ => "fault",
    };
}
