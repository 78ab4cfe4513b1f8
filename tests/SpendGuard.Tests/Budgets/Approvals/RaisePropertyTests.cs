using CsCheck;
using SpendGuard.Budgets;
using SpendGuard.Storage;

namespace SpendGuard.Tests.Budgets.Approvals;

/// <summary>
/// Random holds, ends, approvals, top-ups and time, on the rules and on a model that keeps apart what was granted for good and each raise: whatever
/// happens, no more is let through than both come to, and a raise that has ended gives nothing any more.
/// </summary>
public sealed class RaisePropertyTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 2, 3, 0, 0, TimeSpan.Zero);

    private enum Act
    {
        Hold,
        Settle,
        Release,
        Approve,
        TopUp,
        Wait,
    }

    private static readonly Gen<(Act Act, int Which, long Amount, int Minutes)[]> History = Gen.Select(
        Gen.Frequency((6, Gen.Const(Act.Hold)), (4, Gen.Const(Act.Settle)), (3, Gen.Const(Act.Release)), (4, Gen.Const(Act.Approve)), (1, Gen.Const(Act.TopUp)), (3, Gen.Const(Act.Wait))),
        Gen.Int[0, 20], Gen.Long[1, 60], Gen.Int[1, 30]).Array[1, 60];

    [Fact]
    public Task Budget_AnyHistory_LetsThroughNoMoreThanWasGrantedAndIsRaised() => History.SampleAsync(history => RunAsync(history, ofBudget: true), iter: 300, threads: 1);

    [Fact]
    public Task Account_AnyHistory_LetsThroughNoMoreThanItsAmountAndIsRaised() => History.SampleAsync(history => RunAsync(history, ofBudget: false), iter: 300, threads: 1);

    private static async Task RunAsync((Act Act, int Which, long Amount, int Minutes)[] history, bool ofBudget)
    {
        await using var store = new InMemoryBudgetStore();
        var (now, limit, number) = (Start, 100L, 0);
        var forGood = limit;
        var raises = new List<(long Amount, DateTimeOffset Until)>();
        var held = new Dictionary<string, long>();
        var spent = 0L;
        await store.ApplyAsync(new CreateAgent("a", null, now), default);
        await SetAsync();
        foreach (var (act, which, amount, minutes) in history)
        {
            now += act == Act.Wait ? TimeSpan.FromMinutes(minutes) : TimeSpan.Zero;
            Pass();
            var id = held.Count == 0 ? null : held.Keys.ElementAt(which % held.Count);
            switch (act)
            {
                case Act.Hold:
                    var answer = await ReserveAsync(amount);

                    var room = forGood + Active() - spent - held.Values.Sum();
                    Assert.True(answer.Status != BudgetStatus.Applied || amount <= room, $"{amount} was let through, and there was room for {room}.");
                    Assert.True(answer.Status == BudgetStatus.Applied || amount > room, $"{amount} was refused as {answer.Status}, and there was room for {room}.");
                    if (answer.Status == BudgetStatus.Applied)
                    {
                        held.Add(answer.Reservation!.Id.Value, amount);
                    }

                    break;
                case Act.Settle or Act.Release when id is not null:
                    var charge = act == Act.Release ? 0 : amount % (held[id] + 1);
                    Assert.Equal(BudgetStatus.Applied, (await store.ApplyAsync(
                        act == Act.Release ? new Release(new ReservationId(id), now) : new Settle(new ReservationId(id), Money.FromMicrocents(charge), now), default)).Status);
                    held.Remove(id);
                    spent += charge;
                    break;
                case Act.Approve when (await ReserveAsync(1_000_000)).Approval is { } asked:
                    Assert.Equal(BudgetStatus.Applied, (await store.ApplyAsync(
                        new Approve(asked, "a", Money.FromMicrocents(amount), TimeSpan.FromMinutes(minutes), null, now), default)).Status);
                    raises.Add((amount, now.AddMinutes(minutes)));
                    break;
                case Act.TopUp:
                    limit += amount;
                    forGood = limit;
                    await SetAsync();
                    break;
            }

            Pass();
            await AssertKeepsAsync();
        }

        long Active() => raises.Where(raise => raise.Until > now).Sum(raise => raise.Amount);

        // What is spent of a budget's raise stays granted; a limit's window counts it, until it ends.
        void Pass() => forGood = ofBudget ? Math.Max(forGood, spent - Active()) : forGood;

        async Task AssertKeepsAsync()
        {
            var node = NodeBudgets.Of((await store.FindPathAsync("a", default))[0] with { Budget = await store.FindBudgetAsync("a", default) }, now);
            var (granted, shownSpent, shownHeld) = ofBudget
                ? (node.Budget!.Granted, node.Budget.Spent, node.Budget.Held)
                : (node.Limits[0].Account.Granted, node.Limits[0].Account.Spent, node.Limits[0].Account.Held);
            var committed = spent + held.Values.Sum();
            Assert.Equal((spent, held.Values.Sum()), (shownSpent.Microcents, shownHeld.Microcents));
            Assert.Equal(Math.Max(forGood + Active(), committed), granted.Microcents);
        }

        async Task SetAsync() => Assert.Equal(BudgetStatus.Applied, (await store.ApplyAsync(
            new SetLimit("a", (ofBudget ? Limit.Total(Money.FromMicrocents(limit)) : Limit.PerYear(Money.FromMicrocents(limit))).ThatAsks(), now), default)).Status);

        async Task<BudgetAnswer> ReserveAsync(long amount) => await store.ApplyAsync(
            new Reserve(new ReservationId($"r{number++}"), "a", Run: null, "p:m", Money.FromMicrocents(amount), Money.FromMicrocents(amount), now.AddYears(1), now), default);
    }
}
