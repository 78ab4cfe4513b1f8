namespace SpendGuard.Sidecar.Tests.Control.Tree;

/// <summary>A pause over HTTP: the next call is refused at once, calls that wait end, and who did it and why is told.</summary>
public sealed class PauseRouteTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _arrived = new(0);
    private readonly SemaphoreSlim _mayEnd = new(0);
    private SidecarFixture _sidecar = null!;

    public async Task InitializeAsync()
    {
        // Longer than anybody here has patience: what does not end the waiting does not end the test well.
        _sidecar = await SidecarFixture.StartAsync(settings: ("SPENDGUARD_LOCKED_WAIT_SECONDS", "600"));
        await _sidecar.GroupAsync("acme");
        await _sidecar.GroupAsync("team-red", """{"under":"acme"}""");
        await _sidecar.MemberAsync("ann", "team-red");
        await _sidecar.SetBudgetAsync("ann", cents: 100, maxInFlight: 2);
    }

    public async Task DisposeAsync()
    {
        _mayEnd.Release(100);
        await _sidecar.DisposeAsync();
    }

    [Theory]
    [InlineData("groups/acme", "acme")]
    [InlineData("groups/team-red", "team-red")]
    [InlineData("agents/ann", "ann")]
    public async Task Pause_RefusesTheNextCall_UntilItIsResumed(string node, string id)
    {
        var paused = await _sidecar.AskAsync($"/v1/{node}/pause", agent: null, """{"reason":"It repeats itself"}""");
        Assert.Equal((200, "local", "It repeats itself"), (paused.Status, (string?)paused.Body["paused"]!["by"], (string?)paused.Body["paused"]!["reason"]));

        var refused = await _sidecar.ChatAsync("ann");
        Assert.Equal((403, "false", "paused"), (refused.Status, refused.Headers["x-should-retry"], (string?)refused.Body["error"]!["code"]));
        Assert.Contains($"'{id}'", (string?)refused.Body["detail"], StringComparison.Ordinal);
        Assert.Contains("by local at", (string?)refused.Body["detail"], StringComparison.Ordinal);
        Assert.Contains("It repeats itself.", (string?)refused.Body["detail"], StringComparison.Ordinal);
        await _sidecar.AssertNothingHappenedAsync("ann");

        var resumed = await _sidecar.AskAsync($"/v1/{node}/resume", agent: null, "{}");
        Assert.Null(resumed.Body["paused"]);
        Assert.Equal(200, (await _sidecar.ChatAsync("ann")).Status);
    }

    [Fact]
    public async Task Pause_EndsCallsThatWait()
    {
        _sidecar.Provider.OnArrival = async _ =>
        {
            _arrived.Release();
            await _mayEnd.WaitAsync();
        };
        var inFlight = new[] { _sidecar.ChatAsync("ann"), _sidecar.ChatAsync("ann") };
        await _arrived.WaitAsync(Patience);
        await _arrived.WaitAsync(Patience);
        var before = _sidecar.Watch.Posts;
        var waiting = _sidecar.ChatAsync("ann");
        await UntilAsync(() => _sidecar.Watch.Posts > before);
        Assert.False(waiting.IsCompleted);

        await _sidecar.AskAsync("/v1/groups/acme/pause", agent: null, "{}");

        Assert.Equal(403, (await waiting.WaitAsync(Patience)).Status);
        _mayEnd.Release(10);
        await Task.WhenAll(inFlight).WaitAsync(Patience);
        Assert.Equal(2, _sidecar.Provider.Calls.Count);
    }

    [Fact]
    public async Task Pause_Twice_KeepsWhoWasFirst()
    {
        await _sidecar.AskAsync("/v1/groups/acme/pause", agent: null, """{"reason":"first"}""");

        var again = await _sidecar.AskAsync("/v1/groups/acme/pause", agent: null, """{"reason":"second"}""");

        Assert.Equal((200, "first"), (again.Status, (string?)again.Body["paused"]!["reason"]));
    }

    /// <summary>Whoever looks at it has to know what the limit would have to be, or how long to wait.</summary>
    [Theory]
    [InlineData("groups/acme", "day", " The call needs $", " The next day begins at ")]
    [InlineData("groups/acme", "rolling-1h", " The call needs $", " Nothing was sent to a provider.")]
    [InlineData("agents/ann", "total", " The call needs $", " Nothing was sent to a provider.")]
    public async Task Breaker_ThatTrips_SaysWhatTheCallNeeds_AndWhenThereIsRoom(string node, string window, string need, string room)
    {
        await _sidecar.LimitAsync(node, window, """{"amount_cents":0,"action":"pause"}""");

        var tripped = (string?)(await _sidecar.ChatAsync("ann")).Body["detail"];
        var later = (string?)(await _sidecar.ChatAsync("ann")).Body["detail"];

        Assert.Contains(" was paused by breaker at ", tripped, StringComparison.Ordinal);
        Assert.Contains(need, tripped, StringComparison.Ordinal);
        Assert.Contains(room, tripped, StringComparison.Ordinal);
        Assert.Contains("Nothing was sent to a provider. Ask whoever paused it to resume it: spendguard resume", tripped, StringComparison.Ordinal);
        Assert.DoesNotContain("  ", tripped, StringComparison.Ordinal);
        Assert.Contains(" was paused by breaker at ", later, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pause_OfOneKind_IsNotForTheOther()
    {
        Assert.Equal(404, (await _sidecar.AskAsync("/v1/groups/ann/pause", agent: null, "{}")).Status);
        Assert.Equal(404, (await _sidecar.AskAsync("/v1/agents/acme/pause", agent: null, "{}")).Status);
        Assert.Equal(404, (await _sidecar.AskAsync("/v1/agents/nobody/resume", agent: null, "{}")).Status);
        Assert.Equal(200, (await _sidecar.ChatAsync("ann")).Status);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
