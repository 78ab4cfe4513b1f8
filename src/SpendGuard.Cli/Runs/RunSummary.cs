using System.Text.Json.Nodes;
using SpendGuard.Cli.Output;
using SpendGuard.Cli.Runs.Records;
using SpendGuard.Cli.Runs.Sidecars;

namespace SpendGuard.Cli.Runs;

/// <summary>What a run came to.</summary>
/// <param name="Record">Its record.</param>
/// <param name="Costs">What its calls came to.</param>
/// <param name="Budget">The agent's budget at its end.</param>
internal sealed record RunSummary(RunRecord Record, RunCosts Costs, RunBudget Budget)
{
    /// <summary>What it might spend: what it began with, and by what that was raised meanwhile.</summary>
    public Money MaySpend => Money.Max(Money.FromMicrocents(Record.BudgetMicrocents), Costs.Charged + Budget.Remaining);

    /// <summary>Whether a call was refused because the budget did not carry it.</summary>
    public bool RanOut => Record.Refused > 0 || Budget.Remaining <= Money.Zero;

    public JsonObject Json => new()
    {
        ["run"] = Record.Run,
        ["agent_id"] = Record.Agent,
        ["program"] = Record.Program,
        ["started_at"] = Moment.Of(Record.StartedAt),
        ["ended_at"] = Moment.Of(Record.EndedAt),
        ["exit_code"] = Record.ExitCode,
        ["calls"] = Costs.Calls,
        ["refused"] = Record.Refused,
        ["locked"] = Record.Locked,
        ["forfeited"] = Costs.Forfeited,
        ["ran_out"] = RanOut,
        ["charged_microcents"] = Costs.Charged.Microcents,
        ["held_microcents"] = Costs.Held.Microcents,
        ["given_back_microcents"] = Costs.GivenBack.Microcents,
        ["still_held_microcents"] = Costs.StillHeld.Microcents,
        ["budget_microcents"] = MaySpend.Microcents,
        ["remaining_microcents"] = Budget.Remaining.Microcents,
        ["models"] = new JsonArray([.. Costs.Models.Select(static model => new JsonObject
        {
            ["model"] = model.Model,
            ["calls"] = model.Calls,
            ["charged_microcents"] = model.Charged.Microcents,
        })]),
    };

    public IEnumerable<string> Lines
    {
        get
        {
            yield return $"spendguard: {Record.Program} cost {Costs.Charged} in {Count(Costs.Calls, "call")}, of {MaySpend}; {Budget.Remaining} are left to agent {Record.Agent}.";
            foreach (var (model, calls, charged) in Costs.Models)
            {
                yield return $"  {charged}  {model}, {Count(calls, "call")}";
            }

            if (Costs.Calls == 0 && Costs.InFlight == 0 && Record is { Refused: null or 0, Locked: null or 0 })
            {
                yield return $"  No call came here. If {Record.Program} asked a model all the same, it went another way, which is not in these figures.";
            }

            if (Costs.Calls > 0)
            {
                yield return $"  {Costs.Held} were held in all, {Costs.GivenBack} given back.";
            }

            if (Costs.Forfeited > 0)
            {
                yield return $"  The cost of {Count(Costs.Forfeited, "call")} is not known, and booked at what was held.";
            }

            if (Costs.InFlight > 0)
            {
                yield return $"  {Count(Costs.InFlight, "call")} had not ended; {Costs.StillHeld} are held for that, and are booked when the hold expires.";
            }

            if (Budget.Batches > 0)
            {
                yield return $"  {(Budget.Batches == 1 ? "1 batch is" : $"{Budget.Batches} batches are")} held for. Fetch the results within 25 h, in a run with --agent {Record.Agent}.";
            }

            if (Record.Locked > 0)
            {
                yield return $"  {Count(Record.Locked.Value, "call")} waited for what others held until the time was up, and went nowhere.";
            }

            if (RanOut)
            {
                yield return Record.Refused > 0 && Costs.Calls == 0
                    ? $"spendguard: the budget does not carry a single call: {Count(Record.Refused.Value, "call")} did not fit it and went nowhere."
                    : Record.Refused > 0 ? $"spendguard: the budget ran out: {Count(Record.Refused.Value, "call")} did not fit it and went nowhere."
                    : "spendguard: the budget ran out.";
            }
        }
    }

    public static string Count(int number, string what) => number == 1 ? $"1 {what}" : $"{number} {what}s";
}
