namespace SpendGuard.Tests;

/// <summary>Which scope is in force, and that a lost one is noticed.</summary>
public sealed class ScopeTests
{
    private static string? Agent => SpendGuardScope.Current?.Agent?.Value;

    [Fact]
    public void OuterEndsFirst_TheInnerStays_AndThenNothingIsInForce()
    {
        var outer = SpendGuardScope.Begin("outer");
        var inner = SpendGuardScope.Begin("inner");
        outer.Dispose();
        Assert.Equal("inner", Agent);
        inner.Dispose();
        Assert.Null(Agent);
    }

    [Fact]
    public void AnyOrderOfEnds_LeavesTheInnermostOpenOneInForce()
    {
        string[] names = ["a", "b", "c", "d"];
        foreach (var order in Orders([0, 1, 2, 3]))
        {
            var scopes = names.Select(name => SpendGuardScope.Begin(name)).ToList();
            var open = new SortedSet<int>([0, 1, 2, 3]);
            foreach (var next in order)
            {
                scopes[next].Dispose();
                scopes[next].Dispose();
                open.Remove(next);
                Assert.Equal(open.Count == 0 ? null : names[open.Max], Agent);
            }
        }
    }

    [Fact]
    public async Task WhatWasStartedWithin_StaysWithin_WhenTheScopeHasEnded()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<(string?, string?)> started;
        using (SpendGuardScope.Begin("alice"))
        {
            started = WorkAsync();
        }

        Assert.Null(Agent);
        ended.SetResult();
        Assert.Equal(("alice", "alice"), await started);

        async Task<(string?, string?)> WorkAsync()
        {
            await ended.Task;
            var before = Agent;
            using (SpendGuardScope.BeginFunction("tool"))
            {
                Assert.Equal("alice", Agent);
            }

            return (before, Agent);
        }
    }

    [Fact]
    public async Task OpenedInAnIterator_IsLostAtTheFirstYield_AndSaysSo()
    {
        var lost = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (var step in StepsAsync())
            {
                Assert.Equal(0, step);
            }
        });

        Assert.Contains("agent 'alice'", lost.Message, StringComparison.Ordinal);
        Assert.Contains("ForAgent", lost.Message, StringComparison.Ordinal);

        static async IAsyncEnumerable<int> StepsAsync()
        {
            using var scope = SpendGuardScope.Begin("alice");
            await Task.Yield();
            yield return 0;
        }
    }

    [Fact]
    public async Task OpenedInAMethodThatReturned_IsLost_AndSaysSo()
    {
        var scope = await BeginAsync();
        Assert.Null(Agent);
        Assert.Throws<InvalidOperationException>(scope.Dispose);
        scope.Dispose();

        static async Task<SpendGuardScope> BeginAsync()
        {
            await Task.Yield();
            return SpendGuardScope.Begin("alice");
        }
    }

    private static IEnumerable<int[]> Orders(int[] all) => all.Length == 0
        ? [[]]
        : all.SelectMany(first => Orders([.. all.Where(other => other != first)]).Select(int[] (rest) => [first, .. rest]));
}
