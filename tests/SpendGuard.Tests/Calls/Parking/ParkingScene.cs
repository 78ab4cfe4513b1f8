using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Budgets;
using SpendGuard.Pricing;
using SpendGuard.Storage;
using SpendGuard.Testing;

namespace SpendGuard.Tests.Calls.Parking;

/// <summary>A store, a clock, and an agent whose calls cost 100 microcents each.</summary>
internal static class ParkingScene
{
    public const long Cost = 100;
    public static readonly AgentId Agent = new("a");
    private static readonly ModelKey Model = new("test", "model");

    public static SpendGuardEngine Open(IBudgetStore store, SpendGuardOptions options, WaitingClock clock) =>
        new(store, new Prices(Book(microcents: 1)), options, clock);

    public static ModelCall Call(long cost = Cost) => new()
    {
        Agent = Agent,
        Model = Model,
        Shape = new CallShape { InputBound = cost - 1, OutputTokens = 1 },
        LeastUsefulOutputTokens = 1,
    };

    /// <param name="microcents">What a token costs.</param>
    public static PriceBook Book(int microcents)
    {
        var rate = Rate.FromMicrocents(microcents);
        return new PriceBook("a test", DateTimeOffset.UnixEpoch, [new RateCard { Model = Model, Rates = new() { Input = rate, Output = rate }, MaxOutputTokens = 100_000 }]);
    }

    public static async Task EndAsync(this ReservedCall reserved) => await reserved.EndAsync(new ProviderReport { Usage = new Usage { Input = Cost, Output = 0 } });

    public static async Task<List<Approval>> ListPendingAsync(this SpendGuardEngine engine) => await engine.ListApprovalsAsync(ApprovalState.Pending).ToListAsync();

    public static async Task<ApprovalId> PendingAsync(this SpendGuardEngine engine) => Assert.Single(await engine.ListPendingAsync()).Id;
}
