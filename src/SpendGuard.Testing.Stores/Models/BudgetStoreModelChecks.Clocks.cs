using CsCheck;
using SpendGuard.Budgets;
using SpendGuard.Storage;
using Xunit;

namespace SpendGuard.Testing.Stores;

/// <content>Rolling limits under a clock that is ahead for a call now and then, by minutes or by months, and set back for the next.</content>
public abstract partial class BudgetStoreModelChecks
{
    [Fact]
    public async Task TreeHistory_OfRollingLimits_AClockThatIsAheadNowAndThen_CountsAsTheModelDoes()
    {
        await using var store = await OpenAsync();
        await Gen.Select(TreeCommandGen.Start, TreeCommandGen.Tree, TreeCommandGen.OfCallsByAClockThatJumps.Array[1, 60])
            .SampleAsync(async history => await RunJumpsAsync(store, history.Item1, history.Item2, history.Item3), iter: Histories, threads: 1);
    }

    private async Task RunJumpsAsync(IBudgetStore store, DateTimeOffset start, TreeCommandGen.Template[] tree, (TreeCommandGen.Step Step, TimeSpan Ahead)[] steps)
    {
        var (scene, model) = Begin(start);
        foreach (var command in tree.Select(make => make(scene)).Where(command => command is not SetLimit { Limit.Window.Length: null }))
        {
            Assert.Equal(model.Apply(command), TreeOutcome.Of(await ApplyAsync(store, command)));
        }

        foreach (var (step, ahead) in steps)
        {
            scene = HasOwnClock ? scene : scene with { At = scene.At + step.After };
            var command = step.Make(HasOwnClock ? scene : scene with { At = scene.At + ahead });
            Assert.Equal(model.Apply(command), TreeOutcome.Of(await ApplyAsync(store, command)));
            foreach (var node in model.Nodes)
            {
                Assert.Equal(
                    model.Path(node, scene.At).SelectMany(sight => sight.Limits),
                    (await store.FindPathAsync(node, default)).SelectMany(state => NodeBudgets.Of(state, scene.At).Limits).Select(SightOf));
            }
        }
    }
}
