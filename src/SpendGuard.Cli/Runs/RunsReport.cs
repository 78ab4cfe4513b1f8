using System.Text.Json.Nodes;
using SpendGuard.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Runs;

/// <summary>Runs, one after the other, the oldest first.</summary>
internal sealed class RunsReport(IReadOnlyList<PastRun> runs) : IReport
{
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

            var table = Tables.New("started", "program", "agent", "how it ended", ">calls", ">cost", ">held", ">of");
            foreach (var run in runs)
            {
                table.AddRow(
                    new Text($"{run.Record.StartedAt.LocalDateTime:yyyy-MM-dd HH:mm}", new Style(Color.Grey)),
                    new Text(run.Record.Program),
                    new Text(run.Record.Agent == run.Record.Run ? "" : run.Record.Agent),
                    new Text(
                        run.Record.ExitCode is { } exitCode ? $"exit {exitCode}" : run.State,
                        new Style(run switch { { Record.ExitCode: 0 } => Color.Green, { IsRunning: true } => Color.Aqua, _ => Color.Yellow })),
                    new Text($"{run.Calls}"),
                    new Text(run.Charged.ToString()),
                    new Text(run.Costs.StillHeld == Money.Zero ? "" : run.Costs.StillHeld.ToString()),
                    new Text(Money.FromMicrocents(run.Record.BudgetMicrocents).ToString()));
            }

            return table;
        }
    }
}
