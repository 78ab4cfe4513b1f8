using System.Text.Json.Nodes;
using SpendGuard.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Runs;

/// <summary>Runs, one after the other, the oldest first.</summary>
internal sealed class RunsReport(IReadOnlyList<PastRun> runs) : IReport
{
    private static readonly IReadOnlyList<FittedColumn<PastRun>> Columns =
    [
        new("started", run => $"{run.Record.StartedAt.LocalDateTime:yyyy-MM-dd HH:mm}", Rank: 1, Style: _ => new Style(Color.Grey)),
        new("program", run => run.Record.Program, IsCut: true),
        new("agent", run => run.Record.Agent == run.Record.Run ? "" : run.Record.Agent, Rank: 3),
        new("how it ended", run => run.Record.ExitCode is { } exitCode ? $"exit {exitCode}" : run.State, Style: StyleOf),
        new(">calls", run => $"{run.Calls}"),
        new(">cost", run => run.Charged.ToString()),
        new(">held", run => run.Costs.StillHeld == Money.Zero ? "" : run.Costs.StillHeld.ToString(), Rank: 2),
        new(">of", run => Money.FromMicrocents(run.Record.BudgetMicrocents).ToString()),
    ];

    public JsonNode Json => new JsonObject
    {
        ["runs"] = new JsonArray([.. runs.Select(static run => new JsonObject
        {
            ["run"] = run.Record.Run,
            ["agent_id"] = run.Record.Agent,
            ["program"] = run.Record.Program,
            ["started_at"] = Moment.Of(run.Record.StartedAt),
            ["ended_at"] = run.Record.EndedAt is null ? null : Moment.Of(run.Record.EndedAt),
            ["state"] = run.State,
            ["exit_code"] = run.Record.ExitCode,
            ["budget_microcents"] = run.Record.BudgetMicrocents,
            ["charged_microcents"] = run.Charged.Microcents,
            ["still_held_microcents"] = run.Costs.StillHeld.Microcents,
            ["calls"] = run.Calls,
            ["refused"] = run.Record.Refused,
            ["sidecar"] = run.Record.Sidecar,
        })]),
    };

    public IEnumerable<string> Lines => runs.Count == 0
        ? ["(no runs)"]
        : runs.Select(static run => string.Join(
            ' ',
            Line.Of("started_at", Moment.Of(run.Record.StartedAt)),
            Line.Of("run", run.Record.Run),
            Line.Of("agent_id", run.Record.Agent),
            Line.Of("state", run.State),
            Line.Of("exit_code", run.Record.ExitCode),
            Line.Of("calls", run.Calls),
            Line.Of("charged_microcents", run.Charged.Microcents),
            Line.Of("still_held_microcents", run.Costs.StillHeld.Microcents),
            Line.Of("budget_microcents", run.Record.BudgetMicrocents),
            Line.Of("program", run.Record.Program)));

    public IRenderable Picture
    {
        get
        {
            if (runs.Count == 0)
            {
                return new Markup("[grey]There are no runs yet:[/] spendguard run --budget 5 -- PROGRAM …");
            }

            return new FittedTable<PastRun>(runs, Columns);
        }
    }

    private static Style StyleOf(PastRun run) => new(run switch { { Record.ExitCode: 0 } => Color.Green, { IsRunning: true } => Color.Aqua, _ => Color.Yellow });
}
