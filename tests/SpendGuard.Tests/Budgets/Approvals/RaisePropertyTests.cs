using CsCheck;
using SpendGuard.Budgets;
using SpendGuard.Storage;

namespace SpendGuard.Tests.Budgets.Approvals;

/// <summary>
/// Random holds, ends, corrections, approvals, top-ups, limits and time, on the rules and on a model that knows what is granted for good, each raise,
/// and what is spent and held: whatever happens, exactly what these leave is let through, and a raise that has ended gives nothing any more.
/// </summary>
public sealed class RaisePropertyTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 2, 3, 0, 0, TimeSpan.Zero);

    private enum Act
    {
        Hold,
        Settle,
        Overrun,
        Release,
        Forfeit,
        Correct,
        Approve,
        ApproveUntilSet,
        TopUp,
        SetLimit,
        Wait,
    }

    private static readonly Gen<(Act Act, int Which, long Amount, int Minutes)[]> History = Gen.Select(
        Gen.Frequency(
            (8, Gen.Const(Act.Hold)), (4, Gen.Const(Act.Settle)), (1, Gen.Const(Act.Overrun)), (3, Gen.Const(Act.Release)), (2, Gen.Const(Act.Forfeit)), (2, Gen.Const(Act.Correct)),
            (3, Gen.Const(Act.Approve)), (1, Gen.Const(Act.ApproveUntilSet)), (1, Gen.Const(Act.TopUp)), (1, Gen.Const(Act.SetLimit)), (3, Gen.Const(Act.Wait))),
        Gen.Int[0, 20], Gen.Long[1, 60], Gen.Int[1, 30]).Array[1, 60];

    [Fact]
    public Task Budget_AnyHistory_LetsThroughWhatIsGrantedAndRaised() => History.SampleAsync(history => RunAsync(history, ofBudget: true), iter: 1000, threads: 1);

    [Fact]
    public Task Account_AnyHistory_LetsThroughItsAmountAndWhatIsRaised() => History.SampleAsync(history => RunAsync(history, ofBudget: false), iter: 500, threads: 1);

    private static async Task RunAsync((Act Act, int Which, long Amount, int Minutes)[] history, bool ofBudget)
    {
        await using var store = new InMemoryBudgetStore();
        var (now, limit, number) = (Start, 100L, 0);
        var (forGood, spent) = (limit, 0L);
        var raises = new List<(long Amount, DateTimeOffset? Until)>();
        var held = new Dictionary<string, long>();
        var forfeited = new Dictionary<string, long>();
        await store.ApplyAsync(new CreateAgent("a", null, now), default);
        await SetAsync(limit);
        foreach (var (act, which, amount, minutes) in history)
        {
            now += act == Act.Wait ? TimeSpan.FromMinutes(minutes) : TimeSpan.Zero;
            KeepWithinLimit();
            switch (act)
            {
                case Act.Hold:
                    var answer = await ReserveAsync(amount);
                    var room = forGood + Active() - spent - Held();
                    Assert.True(answer.Status != BudgetStatus.Applied || amount <= room, $"{amount} was let through, and there was room for {room}.");
                    Assert.True(answer.Status == BudgetStatus.Applied || amount > room, $"{amount} was refused as {answer.Status}, and there was room for {room}.");
                    if (answer.Status == BudgetStatus.Applied)
                    {
                        held.Add(answer.Reservation!.Id.Value, amount);
                    }

                    break;
                case Act.Settle or Act.Overrun or Act.Release or Act.Forfeit when held.Count > 0:
                    var id = held.Keys.ElementAt(which % held.Count);
                    held.Remove(id, out var hold);
                    var charge = act switch
                    {
                        Act.Settle => amount % (hold + 1),
                        Act.Overrun => hold + (amount / 2),
                        Act.Release => 0,
                        _ => hold,
                    };
                    await AppliedAsync(act switch
                    {
                        Act.Release => new Release(new ReservationId(id), now),
                        Act.Forfeit => new Forfeit(new ReservationId(id), OnlyIfExpired: false, now),
                        _ => new Settle(new ReservationId(id), Money.FromMicrocents(charge), now),
                    });
                    spent += charge;
                    if (act == Act.Forfeit)
                    {
                        forfeited.Add(id, hold);
                    }

                    break;
                case Act.Correct when forfeited.Count > 0:
                    var corrected = forfeited.Keys.ElementAt(which % forfeited.Count);
                    forfeited.Remove(corrected, out var was);
                    await AppliedAsync(new Settle(new ReservationId(corrected), Money.FromMicrocents(amount), now));
                    spent += amount - was;
                    break;
                case Act.Approve or Act.ApproveUntilSet when (await ReserveAsync(1_000_000)).Approval is { } asked:
                    TimeSpan? lasting = act == Act.Approve ? TimeSpan.FromMinutes(minutes) : null;
                    await AppliedAsync(new Approve(asked, "a", Money.FromMicrocents(amount), lasting, null, now));
                    raises.Add((amount, now + lasting ?? (ofBudget ? null : Start.AddYears(50))));
                    break;
                case Act.TopUp when ofBudget:
                    await TopUpAsync(to: which % 3 == 0 ? limit - Math.Min(limit, amount) : limit + (which % 2 * amount), amount);
                    break;
                case Act.SetLimit:
                    await SetAsync(which % 5 == 0 ? 0 : amount * 3);
                    break;
            }

            KeepWithinLimit();
            await AssertKeepsAsync();
        }

        long Active() => raises.Where(raise => !(raise.Until <= now)).Sum(raise => raise.Amount);

        long Held() => held.Values.Sum();

        // What comes back to a budget lifts what remains no higher than its limit.
        void KeepWithinLimit()
        {
            if (ofBudget && forGood + Active() - spent > Math.Max(limit + Active(), Held()))
            {
                forGood = spent + Math.Max(limit + Active(), Held()) - Active();
            }
        }

        async Task SetAsync(long amount)
        {
            var command = new SetLimit("a", (ofBudget ? Limit.Total(Money.FromMicrocents(amount)) : Limit.PerYear(Money.FromMicrocents(amount))).ThatAsks(), now);
            Assert.Contains((await store.ApplyAsync(command, default)).Status, new[] { BudgetStatus.Applied, BudgetStatus.Replayed });
            (limit, forGood) = (amount, amount);
            EndRaises(amount);
        }

        async Task TopUpAsync(long to, long amount)
        {
            await AppliedAsync(new SetBudget("a", Money.FromMicrocents(to), Money.FromMicrocents(amount), MaxInFlight: null, IdempotencyKey: null, now));
            EndRaises(to);
            KeepWithinLimit();
            limit = to;
            var after = (await BudgetAsync()).Budget!;
            var next = (after.Granted - after.Raises.Total).Microcents;
            Assert.InRange(next, Math.Min(forGood, spent + Math.Max(limit, Held() - Active())), Math.Max(forGood, Math.Min(forGood + amount, spent + limit)));
            Assert.True(forGood + amount > spent + limit || next == forGood + amount, $"{next} is granted, and it was {forGood} before a top-up of {amount}.");
            forGood = next;
        }

        void EndRaises(long to) => raises.RemoveAll(raise => raise.Until is null || to == 0);

        async Task<NodeBudgets> BudgetAsync() =>
            NodeBudgets.Of((await store.FindPathAsync("a", default))[0] with { Budget = await store.FindBudgetAsync("a", default) }, now);

        async Task AssertKeepsAsync()
        {
            var node = await BudgetAsync();
            var (granted, shownSpent, shownHeld) = ofBudget
                ? (node.Budget!.Granted - node.Budget.Raises.Owed, node.Budget.Spent, node.Budget.Held)
                : (node.Limits[0].Account.Amount, node.Limits[0].Account.Spent, node.Limits[0].Account.Held);
            Assert.Equal((spent, Held(), forGood + Active()), (shownSpent.Microcents, shownHeld.Microcents, granted.Microcents));
        }

        async Task AppliedAsync(BudgetCommand command) => Assert.Equal(BudgetStatus.Applied, (await store.ApplyAsync(command, default)).Status);

        async Task<BudgetAnswer> ReserveAsync(long amount) => await store.ApplyAsync(
            new Reserve(new ReservationId($"r{number++}"), "a", Run: null, "p:m", Money.FromMicrocents(amount), Money.FromMicrocents(amount), now.AddYears(1), now), default);
    }
}
