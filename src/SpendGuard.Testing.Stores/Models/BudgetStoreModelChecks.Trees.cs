using CsCheck;
using SpendGuard.Budgets;
using SpendGuard.Storage;
using Xunit;

namespace SpendGuard.Testing.Stores;

/// <content>
/// Trees of four levels with three limits each. A history has 40 commands that make the tree, and 1 to 60 random ones; in a soak run there are
/// as many as it takes for a million commands.
/// </content>
public abstract partial class BudgetStoreModelChecks
{
    private const int CommandsOfASoakRun = 1_000_000;

    // Histories share a store, but not too many of them.
    private const int HistoriesOfAStore = 200;

    private readonly WallCalendar _calendar = new();
    private long _commands;

    // One of a tree takes as long as four of budgets.
    private int Histories => (Samples / 4) + 1;

    [Fact]
    public Task TreeHistory_AnyCommands_AnswersAndShowsAsTheModelDoes() => SampleTreesAsync(
        iterations => store => Gen.Select(TreeCommandGen.Start, TreeCommandGen.Tree, TreeCommandGen.Any.Array[1, 60])
            .SampleAsync(async history => await RunTreeAsync(store, history.Item1, history.Item2, history.Item3), iter: iterations, threads: 1, print: Print));

    /// <summary>Where nobody is moved, all limits are large and of one zone, and only agents call, what is spent and held adds up from level to level.</summary>
    [Fact]
    public Task TreeHistory_OfCallsAlone_SumsOverChildrenEqualTheirParents() => SampleTreesAsync(
        iterations => store => Gen.Select(TreeCommandGen.Start, TreeCommandGen.Tree, TreeCommandGen.OfCalls.Array[1, 60])
            .SampleAsync(async history => await RunCallsAsync(store, history.Item1, history.Item2, history.Item3), iter: iterations, threads: 1, print: Print));

    [Fact]
    public Task TreeHistory_ThreeThreads_IsOneThatCouldHaveHappenedOneAfterTheOther() => SampleTreesAsync(
        iterations => store => Gen.Select(TreeCommandGen.Start, TreeCommandGen.Tree, TreeCommandGen.Booked.Array[0, 8], TreeCommandGen.Booked.Array[1, 8].Array[3])
            .SampleAsync(
                async history => await RunTreeAtOnceAsync(store, history.Item1, [.. history.Item2, .. history.Item3], history.Item4), iter: iterations, threads: 1,
                print: history => string.Join("\n--\n", history.Item4.Select(thread => Print(history.Item1, [.. thread.Select(make => new TreeCommandGen.Step(TimeSpan.Zero, make))])))));

    /// <summary>What waits while a store commits goes into its next commit together, where each command meets what those before it have made.</summary>
    [Fact]
    public Task TreeHistory_SentInOneGo_IsOneThatCouldHaveHappenedOneAfterTheOther() => SampleTreesAsync(
        iterations => store => Gen.Select(TreeCommandGen.Start, TreeCommandGen.Tree, TreeCommandGen.OfBooked.Array[1, 60])
            .SampleAsync(async history => await RunTreeInOneGoAsync(store, history.Item1, history.Item2, history.Item3), iter: iterations, threads: 1, print: Print));

    private async Task SampleTreesAsync(Func<int, Func<IBudgetStore, Task>> sample)
    {
        _commands = 0;
        var left = Histories;
        do
        {
            await using var store = await OpenAsync();
            await sample(Math.Min(left, HistoriesOfAStore))(store);
            await Books.AssertBalancedAsync(store);
            left -= HistoriesOfAStore;
        }
        while (left > 0 || (Soak > 1 && _commands < CommandsOfASoakRun && (left = HistoriesOfAStore) > 0));
    }

    private async Task RunTreeAsync(IBudgetStore store, DateTimeOffset start, TreeCommandGen.Template[] tree, TreeCommandGen.Step[] steps)
    {
        var (scene, model) = Begin(start);
        long? before = null;
        foreach (var (after, make) in tree.Select(make => new TreeCommandGen.Step(TimeSpan.Zero, make)).Concat(steps))
        {
            scene = HasOwnClock ? scene : scene with { At = scene.At + after };
            var command = make(scene);
            var entries = model.Entries;
            var expected = model.Apply(command);
            var answer = await ApplyAsync(store, command);
            Assert.Equal(expected, TreeOutcome.Of(answer));
            if (answer.Approval is { } approval && model.Name(approval) is { } full)
            {
                scene.Asked.Add((approval, full));
            }

            Assert.Equal(model.Entries > entries, answer.Sequence > 0);
            if (answer.Sequence > 0)
            {
                Assert.Equal(before + 1 ?? answer.Sequence, answer.Sequence);
                before = answer.Sequence;
            }

            if (command.Lookup is var lookup && (lookup.Node ?? lookup.PathOf ?? answer.Reservation?.Agent) is { } node)
            {
                await AssertShownAsync(store, model, node.Value, scene.At);
            }
        }

        await AssertShownAsync(store, model, scene.At);
    }

    private async Task RunCallsAsync(IBudgetStore store, DateTimeOffset start, TreeCommandGen.Template[] tree, TreeCommandGen.Step[] steps)
    {
        var (scene, model) = Begin(start);
        var windows = (LimitWindow[])[LimitWindow.Total, LimitWindow.Calendar(CalendarPeriod.Day, scene.Zones[1]), LimitWindow.Rolling(TimeSpan.FromMinutes(95))];
        foreach (var command in tree.Select(make => make(scene)).Where(command => command is not SetLimit))
        {
            await ApplyAsync(store, command);
            foreach (var window in windows.Where(window => command is CreateGroup || window.Name != "total"))
            {
                await ApplyAsync(store, new SetLimit(command.Lookup.Node!.Value, Limit.Of(Money.FromMicrocents(1_000_000), window), scene.At));
            }
        }

        foreach (var (after, make) in steps)
        {
            scene = HasOwnClock ? scene : scene with { At = scene.At + after };
            await ApplyAsync(store, make(scene));
        }

        await AssertSumsAsync(store, scene);
    }

    private static async Task AssertSumsAsync(IBudgetStore store, TreeCommandGen.Scene scene)
    {
        var nodes = new Dictionary<string, (NodeState State, NodeBudgets Shown)>(StringComparer.Ordinal);
        for (var i = 0; i < 4; i++)
        {
            foreach (var state in await store.FindPathAsync($"{scene.Prefix}agent {i}", default))
            {
                nodes[state.Node.Id.Value] = (state, NodeBudgets.Of(state, scene.At));
            }
        }

        foreach (var children in nodes.Values.Where(node => node.State.Node.Parent is not null).GroupBy(node => node.State.Node.Parent!.Value.Value))
        {
            foreach (var limit in nodes[children.Key].Shown.Limits)
            {
                var parts = children.Select(child => child.Shown.Limits.FirstOrDefault(known => known.Limit.Window.Name == limit.Limit.Window.Name) is { } own
                    ? (own.Account.Spent.Microcents, own.Account.Held.Microcents)
                    : (child.State.Budget?.Spent.Microcents ?? 0, child.State.Budget?.Held.Microcents ?? 0)).ToList();
                var sums = (Spent: parts.Sum(part => part.Item1), Held: parts.Sum(part => part.Item2));
                Assert.True(sums == (limit.Account.Spent.Microcents, limit.Account.Held.Microcents), $"{limit.Account}: {sums}, {string.Join(" ", children.Select(child => child.State.Node.Id))}");
            }
        }
    }

    private async Task RunTreeAtOnceAsync(IBudgetStore store, DateTimeOffset start, TreeCommandGen.Template[] first, TreeCommandGen.Template[][] threads)
    {
        var (scene, model) = Begin(start);
        foreach (var command in first.Select(make => make(scene)))
        {
            Assert.Equal(model.Apply(command), TreeOutcome.Of(await ApplyAsync(store, command)));
        }

        var calls = await AtOnceAsync(store, [.. threads.Select(thread => thread.Select(make => make(scene)).ToArray())]);
        _commands += calls.Count;
        AssertInSomeOrder(calls, model);
    }

    private async Task RunTreeInOneGoAsync(IBudgetStore store, DateTimeOffset start, TreeCommandGen.Template[] tree, TreeCommandGen.Step[] steps)
    {
        var (scene, model) = Begin(start);
        foreach (var command in tree.Select(make => make(scene)))
        {
            Assert.Equal(model.Apply(command), TreeOutcome.Of(await ApplyAsync(store, command)));
        }

        var clock = 0;
        var calls = new List<Task<Linearizability.Call>>();
        foreach (var (after, make) in steps)
        {
            scene = HasOwnClock ? scene : scene with { At = scene.At + after };
            calls.Add(SendAsync(make(scene), Interlocked.Increment(ref clock)));
        }

        AssertInSomeOrder(await Task.WhenAll(calls), model);
        await AssertShownAsync(store, model, scene.At);

        async Task<Linearizability.Call> SendAsync(BudgetCommand command, int invoked) =>
            new(command, await ApplyAsync(store, command), invoked, Interlocked.Increment(ref clock));
    }

    private static void AssertInSomeOrder(IReadOnlyList<Linearizability.Call> calls, TreeModel model) => Linearizability.Assert(
        calls, model, model => model.Clone(), model => model.Entries, (model, command) => model.Apply(command), TreeOutcome.Of);

    private (TreeCommandGen.Scene Scene, TreeModel Model) Begin(DateTimeOffset start)
    {
        var at = HasOwnClock ? DateTimeOffset.UtcNow : start;
        return (new TreeCommandGen.Scene(NextPrefix(), HasOwnClock ? TreeScene.ZonesOfMidday(at) : TreeScene.Zones, at), new TreeModel(_calendar));
    }

    private async Task<BudgetAnswer> ApplyAsync(IBudgetStore store, BudgetCommand command)
    {
        _commands++;
        return await store.ApplyAsync(command, default);
    }

    private static async Task AssertShownAsync(IBudgetStore store, TreeModel model, DateTimeOffset at)
    {
        foreach (var node in model.Nodes)
        {
            await AssertShownAsync(store, model, node, at);
        }
    }

    /// <summary>What is shown is what the next call meets.</summary>
    private static async Task AssertShownAsync(IBudgetStore store, TreeModel model, string node, DateTimeOffset at)
    {
        var shown = await store.FindPathAsync(node, default);
        Assert.Equal(model.Path(node, at).Select(Text), shown.Select(state => Text(new NodeSight(
            TreeOutcome.Of(state.Node), TreeOutcome.Of(NodeBudgets.Of(state, at).Budget ?? state.Budget), [.. NodeBudgets.Of(state, at).Limits.Select(SightOf)]))));
        Assert.All(shown.SelectMany(state => NodeBudgets.Of(state, at).Limits), limit => AssertKeepsItsGrant(limit.Account, model));

        static string Text(NodeSight sight) => $"{sight.Node} {sight.Balance} {string.Join(", ", sight.Limits)}";
    }

    private static void AssertKeepsItsGrant(Account account, TreeModel model)
    {
        var committed = account.Spent + account.Held;
        Assert.True(account.Granted >= account.Amount);
        Assert.True(account.Granted == account.Amount || committed > account.Amount, $"{account.Key} grants more than its limit for nothing.");
        Assert.True(committed <= account.Granted || model.HasOverrun(new TreeModel.Place(account.Node.Value, account.Limit, account.Number)), $"{account.Key} is above what was granted.");
    }

    private static LimitSight SightOf(LimitBudget limit)
    {
        var account = limit.Account;
        Assert.Equal(limit.Limit.Amount + account.Raises.Total, account.Amount);
        return new LimitSight(limit.Limit, account.Number, account.Until, account.Amount.Microcents, account.Spent.Microcents, account.Held.Microcents);
    }

    private static string Print((DateTimeOffset Start, TreeCommandGen.Template[] Tree, TreeCommandGen.Step[] Steps) history) =>
        Print(history.Start, history.Tree.Select(make => new TreeCommandGen.Step(TimeSpan.Zero, make)).Concat(history.Steps));

    private static string Print(DateTimeOffset at, IEnumerable<TreeCommandGen.Step> steps) => string.Join('\n', steps.Select(step =>
        step.Make(new TreeCommandGen.Scene("", TreeScene.Zones, at += step.After))));
}
