using System.Diagnostics.CodeAnalysis;
using SpendGuard.Alerts;
using Xunit;

namespace SpendGuard.Testing.Stores;

/// <summary>What every outbox of alerts has to do, test by test. None waits for a time to pass, so that a store may have a clock of its own.</summary>
[Experimental(ApiTier.Stores)]
public abstract partial class AlertOutboxConformance : IAsyncLifetime
{
    private static readonly TimeSpan Long = TimeSpan.FromDays(1);
    private static readonly DateTimeOffset Early = DateTimeOffset.UnixEpoch;

    private IAlertOutbox? _outbox;

    /// <summary>The outbox under test.</summary>
    protected IAlertOutbox Outbox => _outbox ?? throw new InvalidOperationException("The test has not started.");

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>Opens an outbox without content, which <see cref="DisposeAsync"/> closes.</summary>
    protected abstract Task<IAlertOutbox> OpenAsync();

    /// <summary>Raises an alert, in a transaction as the store's commands do it.</summary>
    /// <param name="alert">The alert.</param>
    protected abstract Task RaiseAsync(Alert alert);

    /// <summary>Opens the outbox.</summary>
    public virtual async Task InitializeAsync() => _outbox = await OpenAsync();

    /// <summary>Closes it.</summary>
    public virtual Task DisposeAsync() => Task.CompletedTask;

    /// <summary>What is raised comes back as it was, in every field.</summary>
    [Fact]
    public async Task Alert_IsTaken_AsItWasRaised()
    {
        var full = new Alert
        {
            Id = "evt_full",
            Kind = AlertKind.Refused,
            At = Early.AddMilliseconds(123),
            Node = "team-red",
            Limit = "month",
            Percent = 80,
            Granted = Money.FromDollars(500),
            Spent = Money.FromMicrocents(-1),
            Held = Money.Zero,
            Required = Money.FromMicrocents(123_456_789),
            Agent = new AgentId("ägent 🤖"),
            Run = new RunId("run-1"),
            Model = "vendor:model",
            Reason = "it's \"enough\"; \\ 'now'",
            ApprovalId = "apr_1",
        };
        await RegisterAsync("log");
        await RaiseAsync(full);
        await RaiseAsync(Bare("evt_bare", full.At));

        Assert.Equal(full, (await TakeAsync("log"))?.Alert);
        Assert.Equal(Bare("evt_bare", full.At), (await TakeAsync("log"))?.Alert);
        Assert.Null(await TakeAsync("log"));
    }

    /// <summary>Each sink has all alerts, in the order in which they were raised, whatever becomes of them with others.</summary>
    [Fact]
    public async Task Sinks_HaveEachAlert()
    {
        await RegisterAsync("a");
        await RegisterAsync("b");
        await RaiseAsync(Bare("evt_1"));
        await RaiseAsync(Bare("evt_2"));

        Assert.True(await Outbox.MarkDeliveredAsync((await TakeAsync("a"))!, Now, default));

        Assert.Equal("evt_1", (await TakeAsync("b"))?.Alert.Id);
        Assert.Equal("evt_2", (await TakeAsync("b"))?.Alert.Id);
        Assert.Equal("evt_2", (await TakeAsync("a"))?.Alert.Id);
        Assert.Null(await TakeAsync("a"));
        Assert.Null(await TakeAsync("unknown"));
    }

    /// <summary>An id stands once.</summary>
    [Fact]
    public async Task Alert_RaisedTwice_IsOne()
    {
        await RegisterAsync("log");
        await RaiseAsync(Bare("evt_1"));
        await RaiseAsync(Bare("evt_1"));

        Assert.Single(await Outbox.ListAsync(null, null, 10, default));
        Assert.NotNull(await TakeAsync("log"));
        Assert.Null(await TakeAsync("log"));
    }

    /// <summary>A new sink has the alerts since a time; one that is known has not those again.</summary>
    [Fact]
    public async Task NewSink_HasWhatWasRaisedSince()
    {
        await RaiseAsync(Bare("evt_old", Early));
        await RaiseAsync(Bare("evt_new", Early.AddDays(2)));

        await Outbox.RegisterAsync("log", Early.AddDays(1), Long, Now, default);
        await Outbox.RegisterAsync("log", Early, Long, Now, default);

        Assert.Equal("evt_new", (await TakeAsync("log"))?.Alert.Id);
        Assert.Null(await TakeAsync("log"));
    }

    /// <summary>A sink that nobody names any more is forgotten, and begins anew if it comes back.</summary>
    [Fact]
    public async Task Sink_NotRegisteredForLong_IsForgotten()
    {
        await RegisterAsync("old");
        await RaiseAsync(Bare("evt_1"));

        await Outbox.RegisterAsync("log", Now, TimeSpan.Zero, Now, default);
        await RaiseAsync(Bare("evt_2"));

        Assert.Null(await TakeAsync("old"));
        Assert.All(await Outbox.ListAsync(null, null, 10, default), kept => Assert.DoesNotContain(kept.Progress, with => with.Sink == "old"));
    }

    /// <summary>One alert is never out twice while its lease lasts, and is out again when it ends: with one more attempt, and its first taker has no say.</summary>
    [Fact]
    public async Task Lease_ThatEnds_LetsAnotherTakeIt()
    {
        await RegisterAsync("log");
        await RaiseAsync(Bare("evt_1"));

        var first = await Outbox.TakeAsync("log", TimeSpan.Zero, Now, default);
        var second = await Outbox.TakeAsync("log", Long, Now, default);

        Assert.Equal((1, 2), (first?.Attempt, second?.Attempt));
        Assert.Null(await TakeAsync("log"));
        Assert.False(await Outbox.MarkFailedAsync(first!, "late", TimeSpan.Zero, Now, default));
        Assert.False(await Outbox.MarkDeliveredAsync(first!, Now, default));
        Assert.True(await Outbox.MarkDeliveredAsync(second!, Now, default));
    }

    /// <summary>Of many who take at once each alert goes to one.</summary>
    [Fact]
    public async Task Takers_AtOnce_GetEachAlertOnce()
    {
        await RegisterAsync("log");
        for (var at = 0; at < 20; at++)
        {
            await RaiseAsync(Bare($"evt_{at}"));
        }

        var taken = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => TakeAsync("log"))));

        Assert.Equal(20, taken.OfType<DueAlert>().Select(due => due.Alert.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(20, taken.Count(due => due is not null));
    }

    /// <summary>What failed is due when it is said to be, or never again; the list tells how far each is.</summary>
    [Fact]
    public async Task Progress_IsTold()
    {
        await RegisterAsync("log");
        foreach (var id in new[] { "evt_due", "evt_later", "evt_given_up", "evt_delivered" })
        {
            await RaiseAsync(Bare(id));
        }

        await Outbox.MarkFailedAsync((await TakeAsync("log"))!, "It answered 500.", TimeSpan.Zero, Now, default);
        var due = (await TakeAsync("log"))!;
        Assert.Equal(("evt_later", 1), (due.Alert.Id, due.Attempt));
        await Outbox.MarkFailedAsync(due, "It answered 501.", Long, Now, default);
        await Outbox.MarkFailedAsync((await TakeAsync("log"))!, "It answered 502.", null, Now, default);
        await Outbox.MarkDeliveredAsync((await TakeAsync("log"))!, Now, default);
        due = (await TakeAsync("log"))!;

        Assert.Equal(("evt_due", 2), (due.Alert.Id, due.Attempt));
        Assert.Null(await TakeAsync("log"));
        var told = await Outbox.ListAsync(null, null, 10, default);
        Assert.Equal(
            [
                ("evt_delivered", 1, true, false, null), ("evt_given_up", 1, false, false, "It answered 502."),
                ("evt_later", 1, false, true, "It answered 501."), ("evt_due", 2, false, true, "It answered 500."),
            ],
            told.Select(kept => (kept.Alert.Id, kept.Progress[0].Attempts, kept.Progress[0].DeliveredAt is not null, kept.Progress[0].DueAt is not null, kept.Progress[0].Failure)));
        Assert.Equal(told.OrderByDescending(kept => kept.Sequence).Select(kept => kept.Sequence), told.Select(kept => kept.Sequence));
    }

    /// <summary>The list goes from the newest on, page by page, of all nodes or of one.</summary>
    [Fact]
    public async Task List_IsPaged_NewestFirst()
    {
        await RaiseAsync(Bare("evt_1"));
        await RaiseAsync(Bare("evt_2") with { Node = "other" });
        await RaiseAsync(Bare("evt_3"));

        var first = await Outbox.ListAsync(null, null, 2, default);
        var rest = await Outbox.ListAsync(first[^1].Sequence, null, 2, default);
        var ofNode = await Outbox.ListAsync(null, "team-red", 10, default);

        Assert.Equal(["evt_3", "evt_2"], first.Select(kept => kept.Alert.Id));
        Assert.Equal(["evt_1"], rest.Select(kept => kept.Alert.Id));
        Assert.Equal(["evt_3", "evt_1"], ofNode.Select(kept => kept.Alert.Id));
        Assert.All(first, kept => Assert.Empty(kept.Progress));
    }

    private static Alert Bare(string id, DateTimeOffset? at = null) => new() { Id = id, Kind = AlertKind.Paused, At = at ?? Early, Node = "team-red" };

    private async Task RegisterAsync(string sink) => await Outbox.RegisterAsync(sink, Now, Long, Now, default);

    private async Task<DueAlert?> TakeAsync(string sink) => await Outbox.TakeAsync(sink, Long, Now, default);
}
