using CsCheck;
using SpendGuard.Alerts;
using SpendGuard.Budgets;
using SpendGuard.Storage;
using SpendGuard.Testing.Stores;

namespace SpendGuard.Tests.Alerts;

/// <summary>Random commands on random trees: what an observer sees who looks at all limits before and after each is what is told.</summary>
public sealed class AlertRulesPropertyTests
{
    private static readonly Gen<(DateTimeOffset Start, TreeCommandGen.Template[] Tree, TreeCommandGen.Step[] Steps)> Histories =
        Gen.Select(TreeCommandGen.Start, TreeCommandGen.Tree, TreeCommandGen.Any.Array[20, 120]);

    [Fact]
    public async Task Alerts_TellWhatHappened_AllOfIt_AndNothingElse() => await Histories.SampleAsync(
        async history =>
        {
            await using var store = new InMemoryBudgetStore();
            var scene = new TreeCommandGen.Scene("", ["UTC", "Europe/Berlin", "America/New_York"], history.Start);
            var seen = new Observer(store);
            foreach (var make in history.Tree)
            {
                await seen.ApplyAsync(make(scene));
            }

            foreach (var (after, make) in history.Steps)
            {
                scene = scene with { At = scene.At + after };
                await seen.ApplyAsync(make(scene));
            }
        },
        iter: 60,
        print: _ => "");

    private sealed class Observer(InMemoryBudgetStore store)
    {
        private readonly HashSet<string> _told = new(StringComparer.Ordinal);
        private readonly HashSet<string> _ids = new(StringComparer.Ordinal);

        public async Task ApplyAsync(BudgetCommand command)
        {
            var before = await LookAsync();
            var answer = await store.ApplyAsync(command, default);
            var after = await LookAsync();
            var fresh = (await store.Alerts.ListAsync(before: null, node: null, int.MaxValue, default)).Select(kept => kept.Alert).Where(alert => _ids.Add(alert.Id)).ToList();

            Assert.All(fresh, alert => Assert.Equal(command.At, alert.At));
            Assert.True(answer.HasAlerts || fresh.Count == 0);
            AssertThresholds(before, after, fresh, command);
            AssertTold(answer.Status == BudgetStatus.Insufficient && command is Reserve { IsTentative: false } && answer.Approval is null && !WasTold(RefusedBy(answer, command)), fresh, AlertKind.Refused, command, answer);
            AssertTold(answer is { Status: BudgetStatus.Insufficient, Approval: { } asked } && !WasTold($"asked {asked}"), fresh, AlertKind.ApprovalRequested, command, answer);
            Assert.Equal(PausesIn(before, after, paused: true, command), Nodes(fresh, AlertKind.Paused));
            Assert.Equal(PausesIn(before, after, paused: false, command), Nodes(fresh, AlertKind.Resumed));
            AssertTold(command is Forfeit && answer.Status == BudgetStatus.Applied && !WasTold($"forfeited {answer.Reservation!.Id}"), fresh, AlertKind.Forfeited, command, answer);
        }

        private static void AssertTold(bool expected, List<Alert> fresh, AlertKind kind, BudgetCommand command, BudgetAnswer answer) =>
            Assert.True(fresh.Count(alert => alert.Kind == kind) == (expected ? 1 : 0), $"{kind} is {(expected ? "not " : "")}told after {command}: {answer}");

        private bool WasTold(string what) => !_told.Add(what);

        /// <summary>Of all that is seen to be reached now and was not before, one is told; of what is told, all is reached.</summary>
        private void AssertThresholds(Dictionary<string, Level> before, Dictionary<string, Level> after, List<Alert> fresh, BudgetCommand command)
        {
            var told = fresh.Where(alert => alert.Kind == AlertKind.LimitThreshold).ToList();
            Assert.All(told, alert => Assert.True(alert.Spent!.Value.Microcents * 100 >= alert.Granted!.Value.Microcents * alert.Percent!.Value, alert.ToString()));
            foreach (var (name, level) in after)
            {
                var was = before.GetValueOrDefault(name);
                if (was == level)
                {
                    Assert.DoesNotContain(told, alert => NameOf(alert) == name && alert.Spent == level.Spent && alert.Granted == level.Amount);
                    continue;
                }

                foreach (var percent in (int[])[80, 100])
                {
                    var isNew = level.Reaches(percent) && !(was is { } known && known.Window == level.Window && known.Reaches(percent));
                    var isTold = told.Exists(alert => NameOf(alert) == name && alert.Percent == percent && alert.Spent == level.Spent && alert.Granted == level.Amount);
                    if (level.Rolls)
                    {
                        // Whether it was below in between is not to be seen from what is kept.
                        Assert.True(!isTold || level.Reaches(percent));
                    }
                    else
                    {
                        Assert.True(isTold == (isNew && !WasTold($"{name} {level.Window} {level.Grant} {percent}")), $"{percent}% of {name} after {command}: {was}, {level}, told: {isTold}");
                    }
                }
            }
        }

        private static string RefusedBy(BudgetAnswer answer, BudgetCommand command) => answer.Account is { } full
            ? $"refused {full.Key} {full.Amount} {(full.Length is { } length ? command.At.UtcTicks / length.Ticks : full.Until is null ? 0 : full.From.UtcTicks)}"
            : $"refused {((Reserve)command).Agent} {answer.Budget?.Granted - answer.Budget?.Raises.Owed} {answer.Budget?.HardLimit}";

        private List<string> PausesIn(Dictionary<string, Level> before, Dictionary<string, Level> after, bool paused, BudgetCommand command) =>
            [.. after.Where(now => now.Key.StartsWith("node ", StringComparison.Ordinal) && now.Value.IsPaused == paused && (before.GetValueOrDefault(now.Key)?.IsPaused ?? false) != paused)
                .Select(now => now.Key)
                .Where(node => !WasTold($"{paused} {node} {after[node].PausedAt ?? before[node].PausedAt} {command.At}"))];

        private static List<string> Nodes(List<Alert> fresh, AlertKind kind) => [.. fresh.Where(alert => alert.Kind == kind).Select(alert => $"node {alert.Node}")];

        private static string NameOf(Alert alert) => $"{alert.Node} {alert.Limit}";

        private async Task<Dictionary<string, Level>> LookAsync()
        {
            var levels = new Dictionary<string, Level>(StringComparer.Ordinal);
            foreach (var state in await store.ListNodesAsync(after: null, int.MaxValue, default))
            {
                levels[$"node {state.Node.Id}"] = new Level(false, "", "", default, default) { IsPaused = state.Node.Pause is not null, PausedAt = state.Node.Pause?.At };
                if (state.Budget is { IsSet: true } budget)
                {
                    var granted = budget.Granted - budget.Raises.Owed;
                    var amount = Money.Max(budget.Remaining, Money.Min(budget.HardLimit + budget.Raises.Lasting, granted));
                    levels[$"{state.Node.Id} "] = new Level(false, "", $"{granted} {budget.HardLimit}", amount, amount - budget.Remaining);
                }

                foreach (var account in state.Limits.Select(limit => limit.Account).OfType<Account>())
                {
                    levels[$"{account.Node} {account.Limit}"] = new Level(account.Length is not null, $"{account.Number} {account.From}", $"{account.Amount}", account.Amount, account.Spent);
                }
            }

            return levels;
        }
    }

    /// <summary>How full a limit is: in which window, and with what granted there, by which an alert is told from the one before.</summary>
    private sealed record Level(bool Rolls, string Window, string Grant, Money Amount, Money Spent)
    {
        public bool IsPaused { get; init; }

        public DateTimeOffset? PausedAt { get; init; }

        public bool Reaches(int percent) => Amount > Money.Zero && Spent.Microcents * 100 >= Amount.Microcents * percent;
    }
}
