using Microsoft.Extensions.Time.Testing;
using SpendGuard.Bounds;
using SpendGuard.Budgets;
using SpendGuard.PostgreSql.Tests.Server;
using SpendGuard.Pricing;
using SpendGuard.Storage;
using SpendGuard.Testing;
using SpendGuard.Testing.Stores;

namespace SpendGuard.PostgreSql.Tests.Sharing;

/// <summary>Hosts whose clocks differ, on one database: what has expired is told by the server's.</summary>
[Trait(Traits.Needs, Traits.Postgres)]
public sealed class HostClockTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private static readonly SpendGuardOptions Options = new();

    private readonly string _tenant = $"tenant {Guid.NewGuid()}";
    private IBudgetStore _store = null!;

    public async Task InitializeAsync()
    {
        _store = await OpenAsync();
        await _store.SetAsync("a", 1_000_000_000);
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Theory]
    [InlineData(6)]
    [InlineData(60 * 24 * 365)]
    public async Task HostWhoseClockIsAhead_ForfeitsNoCallOfAnother(int minutes)
    {
        await using var host = await HostAsync(minutes: 0);
        await using var ahead = await HostAsync(minutes);
        await using var call = await ReserveAsync(host);

        Assert.Equal(0, await ahead.ForfeitExpiredAsync());
        Assert.Equal(1, (await ahead.FindBudgetAsync("a"))!.InFlight);
        Assert.Equal(BudgetStatus.NotExpired, (await ForfeitIfExpiredAsync(call.Reservation.Id, minutes)).Status);
    }

    [Theory]
    [InlineData(-6)]
    [InlineData(-60 * 24 * 365)]
    public async Task CallOfAHostWhoseClockIsBehind_IsForfeitedByNoOther(int minutes)
    {
        await using var host = await HostAsync(minutes: 0);
        await using var behind = await HostAsync(minutes);
        await using var call = await ReserveAsync(behind);

        Assert.Equal(0, await host.ForfeitExpiredAsync());
        Assert.Equal(BudgetStatus.NotExpired, (await ForfeitIfExpiredAsync(call.Reservation.Id, minutes: 0)).Status);
    }

    [Fact]
    public async Task HoldOfAHostWhoseClockWasAhead_StaysNoLongerThanAnyOther()
    {
        // As it is left by a process that ended when its clock had been set back, and by one that was set back after a renewal.
        await using var ahead = await HostAsync(minutes: 60);
        await using var call = await ReserveAsync(ahead);
        await AssertExpiryAsync(call.Reservation.Id, Options.ReservationLifetime);

        var now = DateTimeOffset.UtcNow.AddHours(1);
        var renewed = Options.ReservationLifetime * 2;
        await _store.ApplyAsync(new Renew(call.Reservation.Id, now + renewed, now), default);
        await AssertExpiryAsync(call.Reservation.Id, renewed);
    }

    [Fact]
    public async Task HoldThatHasExpired_IsForfeitedByAHostWhoseClockIsBehind()
    {
        var now = DateTimeOffset.UtcNow;
        await _store.ApplyAsync(
            new Reserve(new ReservationId("left by another process"), "a", null, null, Money.Zero, Money.Zero, now, now), default);
        await using var behind = await HostAsync(minutes: -60);

        Assert.Equal(1, await behind.ForfeitExpiredAsync());
    }

    private async Task AssertExpiryAsync(ReservationId id, TimeSpan lifetime)
    {
        var remains = (await _store.FindReservationAsync(id, default))!.ExpiresAt - DateTimeOffset.UtcNow;
        Assert.InRange(remains, lifetime - TestDatabase.Patience, lifetime);
    }

    private async Task<BudgetAnswer> ForfeitIfExpiredAsync(ReservationId id, int minutes) =>
        await _store.ApplyAsync(new Forfeit(id, OnlyIfExpired: true, DateTimeOffset.UtcNow.AddMinutes(minutes)), default);

    private static async Task<ReservedCall> ReserveAsync(SpendGuardEngine host) => await host.ReserveAsync(new ModelCall
    {
        Agent = "a",
        Model = new ModelKey("openai", "gpt-4o-mini"),
        Shape = new CallShape { InputBound = 10, OutputTokens = 20 },
    });

    private async Task<SpendGuardEngine> HostAsync(int minutes) => new(
        await OpenAsync(), new Prices(PriceBook.LoadBundled()), Options, new FakeTimeProvider(DateTimeOffset.UtcNow.AddMinutes(minutes)));

    private async Task<IBudgetStore> OpenAsync() => await PostgresBudgetStore.OpenAsync(
        new PostgresStoreOptions { ConnectionString = database.ConnectionString, Tenant = _tenant, Timeout = TestDatabase.Patience });
}
