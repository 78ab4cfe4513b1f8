using SpendGuard.Budgets;
using SpendGuard.Storage;

namespace SpendGuard.Testing.Stores;

/// <summary>Short names for what tests do with a store. Amounts are microcents, times are seconds after a fixed moment.</summary>
internal static class StoreSteps
{
    public static readonly DateTimeOffset Start = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static DateTimeOffset Second(int second) => Start.AddSeconds(second);

    public static Money Amount(long microcents) => Money.FromMicrocents(microcents);

    public static async Task<BudgetAnswer> SetAsync(
        this IBudgetStore store, string agent, long limit, long topUp = 0, int? maxInFlight = null, string? key = null, int at = 0, int? share = null) =>
        await store.ApplyAsync(
            new SetBudget(agent, Amount(limit), Amount(topUp), maxInFlight, key, Second(at)) { MaxCallShare = share }, default);

    public static async Task<BudgetAnswer> ReserveAsync(
        this IBudgetStore store, string agent, string id, long floor, long ceiling, int expires = 300, int at = 0, string? model = "p:m",
        string? run = "run", bool whole = false, int? requests = null, string? cards = null, long ordinary = 0, long? runLimit = null, bool tentative = false, char? call = null) =>
        await store.ApplyAsync(
            new Reserve(
                new ReservationId(id), agent, run is null ? (RunId?)null : new RunId(run), model, Amount(floor), Amount(ceiling),
                Second(expires), Second(at))
            {
                Whole = whole,
                IsTentative = tentative,
                Requests = requests,
                Cards = cards,
                Ordinary = Amount(ordinary),
                Fingerprint = call is { } digit ? new CallFingerprint(new string(digit, 32)) : (CallFingerprint?)null,
                RunLimit = runLimit is { } most ? Amount(most) : (Money?)null,
            },
            default);

    public static async Task<BudgetAnswer> SettleAsync(this IBudgetStore store, string id, long charge, int at = 1) =>
        await store.ApplyAsync(new Settle(new ReservationId(id), Amount(charge), Second(at)), default);

    public static async Task<BudgetAnswer> ReleaseAsync(this IBudgetStore store, string id, int at = 1) =>
        await store.ApplyAsync(new Release(new ReservationId(id), Second(at)), default);

    public static async Task<BudgetAnswer> ForfeitAsync(this IBudgetStore store, string id, bool onlyIfExpired = false, int at = 1, long known = 0) =>
        await store.ApplyAsync(new Forfeit(new ReservationId(id), onlyIfExpired, Second(at)) { Known = Amount(known) }, default);

    public static async Task<BudgetAnswer> RenewAsync(this IBudgetStore store, string id, int expires, int at = 1) =>
        await store.ApplyAsync(new Renew(new ReservationId(id), Second(expires), Second(at)), default);

    public static async Task<BudgetAnswer> NameAsync(this IBudgetStore store, string id, string name, int at = 1) =>
        await store.ApplyAsync(new Name(new ReservationId(id), name, Second(at)), default);

    public static async Task<Budget> BudgetAsync(this IBudgetStore store, string agent) =>
        await store.FindBudgetAsync(agent, default) ?? throw new InvalidOperationException($"{agent} has no budget.");

    public static async Task<IReadOnlyList<LedgerEntry>> LedgerAsync(this IBudgetStore store, string? agent = null) =>
        await store.ReadLedgerAsync(0, agent is null ? (AgentId?)null : new AgentId(agent), int.MaxValue, default);
}
