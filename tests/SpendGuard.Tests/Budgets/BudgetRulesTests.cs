using CsCheck;
using SpendGuard.Budgets;

namespace SpendGuard.Tests.Budgets;

/// <summary>The seam between the rules and a store. What the rules say of money is checked on every store by the shipped suite.</summary>
public sealed class BudgetRulesTests
{
    private static readonly DateTimeOffset At = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly ReservationId Id = new("r");

    private static readonly BudgetCommand[] OnReservations =
        [new Settle(Id, Money.Zero, At), new Release(Id, At), new Forfeit(Id, OnlyIfExpired: false, At), new Renew(Id, At, At)];

    [Fact]
    public void Lookup_OfACommandOnAReservation_LeavesItToTheReservationWhoPays()
    {
        Assert.All(OnReservations, command => Assert.Equal((null, null, Id, null), Concerned(command)));
        Assert.Equal((null, "a", Id, null), Concerned(Hold("a")));
    }

    [Fact]
    public void Lookup_OfACommandOnAnAgent_HasItsBudgetToo()
    {
        Assert.Equal(("a", "a", null, "key"), Concerned(new SetBudget("a", Money.Zero, Money.Zero, null, "key", At)));
        Assert.Equal(("a", "a", null, null), Concerned(new CreateAgent("a", Name: null, At)));
        Assert.Equal(("a", "a", null, null), Concerned(new RenameAgent("a", "name", At)));
        Assert.Equal(("a", "a", null, null), Concerned(new DeleteAgent("a", At)));
    }

    [Fact]
    public void Decide_ReservationIsNotThere_SaysSoAndStoresNothing()
    {
        Assert.All(OnReservations, command =>
        {
            var transition = BudgetRules.Decide(command, new BudgetState());

            Assert.Equal((null, null, null, null), (transition.Node, transition.Budget, transition.Reservation, transition.Entry));
            Assert.Equal(new BudgetAnswer(BudgetStatus.NoReservation, Budget: null, Reservation: null, Sequence: 0), transition.ToAnswer(0));
        });
    }

    [Fact]
    public void Decide_ReservationWithoutItsBudget_IsAMistakeOfTheStore()
    {
        var state = new BudgetState { Reservation = Held("a") };

        Assert.All(OnReservations, command => Assert.Throws<ArgumentException>("state", () => BudgetRules.Decide(command, state)));
    }

    [Fact]
    public void ToAnswer_Applied_ShowsWhatIsStored()
    {
        var transition = BudgetRules.Decide(Hold("a"), new BudgetState { Budget = Budget("a") });

        Assert.Equal(
            new BudgetAnswer(BudgetStatus.Applied, Budget("a") with { Held = Money.FromMicrocents(20), InFlight = 1 }, Held("a"), Sequence: 7),
            transition.ToAnswer(7));
    }

    [Fact]
    public void ToAnswer_Replayed_ShowsWhatIsThere()
    {
        var transition = BudgetRules.Decide(Hold("a"), new BudgetState { Budget = Budget("a"), Reservation = Held("a") });

        Assert.Equal(new BudgetAnswer(BudgetStatus.Replayed, Budget("a"), Held("a"), Sequence: 0), transition.ToAnswer(0));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ToAnswer_ReservationOfAnotherAgent_IsNotShown(bool hasBudget)
    {
        var budget = hasBudget ? Budget("b") : null;

        var transition = BudgetRules.Decide(Hold("b"), new BudgetState { Budget = budget, Reservation = Held("a") });

        Assert.Equal(new BudgetAnswer(BudgetStatus.Conflict, budget, Reservation: null, Sequence: 0), transition.ToAnswer(0));
    }

    [Fact]
    public void Decide_AnyCommandOnAnyBudget_LeavesNoMoreThanTheLimitOrWhatIsHeld()
    {
        // Budgets of earlier versions too, that have more granted than their limit allows.
        var amount = Gen.Long[0, 50].Select(Money.FromMicrocents);
        Gen.Select(amount, amount, amount, amount, Gen.Int[0, 2], Gen.Int[0, 5]).Sample((limit, granted, spent, amount, ends, which) =>
        {
            var held = Held("a") with { End = ends == 0 ? ReservationEnd.None : ReservationEnd.Forfeited, Charged = ends == 0 ? Money.Zero : Held("a").Held };
            var inFlight = ends == 0 ? held.Held : Money.Zero;
            var before = new Budget
            {
                Agent = "a",
                HardLimit = limit,
                Granted = granted + inFlight,
                Spent = ends == 0 ? spent : spent + held.Charged,
                Held = inFlight,
                InFlight = ends == 0 ? 1 : 0,
            };
            BudgetCommand command = which switch
            {
                0 => new Settle(Id, amount, At),
                1 => new Release(Id, At),
                2 => new Forfeit(Id, OnlyIfExpired: false, At),
                3 => new SetBudget("a", amount, amount, null, null, At),
                4 => new DeleteAgent("a", At),
                _ => new Reserve(new ReservationId("next"), "a", Run: null, Model: null, Money.Zero, amount, At, At),
            };

            var agent = new Node { Id = "a", Kind = NodeKind.Agent, CreatedAt = At };
            var transition = BudgetRules.Decide(
                command, new BudgetState { Tree = new TreeState { Node = agent }, Budget = before, Reservation = command is Reserve ? null : held });

            var after = transition.ToAnswer(0).Budget!;
            Assert.True(after.Remaining <= after.HardLimit || after.Remaining <= after.Held, $"{command} left {after}.");
            Assert.Equal(transition.Budget?.Granted, transition.Entry?.Granted);
        });
    }

    [Fact]
    public void Expiry_GoesByTheClockOfTheStoreWhereItHasOne()
    {
        var moment = Gen.Int[-5000, 5000].Select(seconds => At.AddSeconds(seconds));
        Gen.Select(moment, moment, moment, Gen.Int[0, 400], Gen.Bool).Sample((callers, stores, expiresAt, lifetime, hasClock) =>
        {
            var now = hasClock ? stores : callers;
            var span = TimeSpan.FromSeconds(lifetime);
            var state = new BudgetState { Budget = Budget("a"), Now = hasClock ? stores : null };

            // Sent again, it is as old as the first time, and lives from now on.
            var hold = new Reserve(Id, "a", Run: null, Model: null, Money.Zero, Money.Zero, callers + span, callers);
            var again = new Reserve(Id, "a", Run: null, Model: null, Money.Zero, Money.Zero, callers + span, expiresAt) { AgainAt = callers };
            var made = BudgetRules.Decide(hold, state).Reservation!;
            Assert.Equal((callers, now + span), (made.CreatedAt, made.ExpiresAt));
            made = BudgetRules.Decide(again, state).Reservation!;
            Assert.Equal((expiresAt, now + span), (made.CreatedAt, made.ExpiresAt));

            var held = new BudgetState
            {
                Budget = Budget("a") with { Held = Held("a").Held, InFlight = 1 },
                Reservation = Held("a") with { ExpiresAt = expiresAt },
                Now = state.Now,
            };
            Assert.Equal(
                expiresAt > now ? BudgetStatus.NotExpired : BudgetStatus.Applied,
                BudgetRules.Decide(new Forfeit(Id, OnlyIfExpired: true, callers), held).Status);
            var renewed = BudgetRules.Decide(new Renew(Id, callers + span, callers), held);
            Assert.Equal(now + span > expiresAt ? now + span : null, renewed.Reservation?.ExpiresAt);

            // Whatever the clock of the store: the ledger has the time of the caller.
            Assert.Equal(callers, BudgetRules.Decide(new Release(Id, callers), held).Entry!.At);
        });
    }

    private static (string? Agent, string? BudgetOf, ReservationId? Reservation, string? Key) Concerned(BudgetCommand command) =>
        (command.Lookup.Node?.Value, command.Lookup.BudgetOf?.Value, command.Lookup.Reservation, command.Lookup.IdempotencyKey);

    private static Reserve Hold(AgentId agent) =>
        new(Id, agent, Run: null, Model: null, Money.FromMicrocents(10), Money.FromMicrocents(20), At, At);

    private static Budget Budget(AgentId agent) =>
        new() { Agent = agent, HardLimit = Money.FromMicrocents(100), Granted = Money.FromMicrocents(100) };

    private static Reservation Held(AgentId agent) => new()
    {
        Id = Id,
        Agent = agent,
        Floor = Money.FromMicrocents(10),
        Ceiling = Money.FromMicrocents(20),
        Held = Money.FromMicrocents(20),
        CreatedAt = At,
        ExpiresAt = At,
    };
}
