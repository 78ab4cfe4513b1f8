using Microsoft.Extensions.Time.Testing;
using SpendGuard.Bounds;
using SpendGuard.PostgreSql.Tests.Server;
using SpendGuard.Pricing;
using SpendGuard.Testing;

namespace SpendGuard.PostgreSql.Tests.Notices;

/// <summary>What one process pauses another one cuts when it is told: by its clock no time goes by, so it never looks by itself.</summary>
[Trait(Traits.Needs, Traits.Postgres)]
public sealed class PauseNoticeTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private const string Listening = "FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN spendguard'";

    private readonly string _tenant = $"tenant {Guid.NewGuid()}";
    private SpendGuardEngine? _here;
    private SpendGuardEngine? _there;

    private SpendGuardEngine Here => _here!;

    private SpendGuardEngine There => _there!;

    public async Task InitializeAsync()
    {
        (_here, _there) = (Engine(_tenant, new FakeTimeProvider(DateTimeOffset.UtcNow)), Engine(_tenant, TimeProvider.System));
        await There.SetBudgetAsync("a", Money.FromDollars(1));
    }

    public async Task DisposeAsync()
    {
        await Here.DisposeAsync();
        await There.DisposeAsync();
    }

    [Fact]
    public async Task Pause_OfAnotherProcess_CutsWhatIsInFlight_AlsoAfterTheConnectionHasBroken()
    {
        await using var call = await ReserveAsync(Here);
        var first = await ListenerAsync(before: 0);
        await There.PauseAsync("a", "enough");
        await Eventually.HoldsAsync(() => call.CutByPause.IsCancellationRequested);
        Assert.Equal("enough", call.PausedBy!.Pause.Reason);

        await There.ResumeAsync("a");
        await using var next = await ReserveAsync(Here);
        await database.QueryAsync($"SELECT pg_terminate_backend({first})");
        await ListenerAsync(first);
        Assert.False(next.CutByPause.IsCancellationRequested);
        await There.PauseAsync("a", "once more");
        await Eventually.HoldsAsync(() => next.CutByPause.IsCancellationRequested);
    }

    [Fact]
    public async Task TenantsOfAProcess_ListenOnOneConnection_AndEachIsToldItsOwn()
    {
        await using var shared = PostgresConnections.Open(database.ConnectionString);
        var told = new List<string>();
        await using var first = new PostgresBudgetStore(new PostgresStoreOptions { Connections = shared, Tenant = "one" });
        await using var second = new PostgresBudgetStore(new PostgresStoreOptions { Connections = shared, Tenant = "two" });
        using var ofFirst = first.Watch(() => told.Add("one"));
        using var ofSecond = second.Watch(() => told.Add("two"));

        await Eventually.HoldsAsync(() => told.Count == 2);
        Assert.Equal(1L, await database.QueryAsync($"SELECT count(*) {Listening}"));
        await using var one = Engine("one", TimeProvider.System);
        await one.CreateGroupAsync("g");
        await one.PauseAsync("g");
        await Eventually.HoldsAsync(() => told.Count > 2);
        await one.ResumeAsync("g");
        await Eventually.HoldsAsync(() => told.Count > 3);

        Assert.Equal(["one", "one"], told[2..]);
    }

    /// <summary>Which process of the server listens, once it is another than before.</summary>
    private async Task<int> ListenerAsync(int before)
    {
        var listener = 0;
        await Eventually.HoldsAsync(async () =>
        {
            listener = await database.QueryAsync($"SELECT max(pid) {Listening} AND state = 'idle' AND pid <> {before}") as int? ?? 0;
            return listener != 0;
        });
        return listener;
    }

    private SpendGuardEngine Engine(string tenant, TimeProvider clock) => new(
        new PostgresBudgetStore(new PostgresStoreOptions { ConnectionString = database.ConnectionString, Tenant = tenant, Timeout = TestDatabase.Patience }),
        new Prices(PriceBook.LoadBundled()),
        new SpendGuardOptions(),
        clock);

    private static Task<ReservedCall> ReserveAsync(SpendGuardEngine engine) => engine.ReserveAsync(new ModelCall
    {
        Agent = "a",
        Model = new ModelKey("openai", "gpt-4o-mini"),
        Shape = new CallShape { InputBound = 10, OutputTokens = 100 },
    }).AsTask();
}
