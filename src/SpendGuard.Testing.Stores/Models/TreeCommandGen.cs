using CsCheck;
using SpendGuard.Budgets;

namespace SpendGuard.Testing.Stores;

/// <summary>Random commands over a tree of few nodes, ids and amounts, so that they meet all the time.</summary>
internal static class TreeCommandGen
{
    /// <summary>Where a history takes place: its prefix, which keeps it apart from others of the same store, its zones, and the time of the command.</summary>
    public sealed record Scene(string Prefix, IReadOnlyList<string> Zones, DateTimeOffset At)
    {
        /// <summary>The requests for approval that were left so far, and whose limits they are of.</summary>
        public IList<(ApprovalId Id, NodeId Node)> Asked { get; } = [];
    }

    /// <summary>Makes a command.</summary>
    public delegate BudgetCommand Template(Scene scene);

    /// <summary>A command, and how long after the one before.</summary>
    public sealed record Step(TimeSpan After, Template Make);

    private static readonly string[] Groups = ["org", "department 0", "department 1", "team 0", "team 1", "team 2"];
    private static readonly string[] Agents = ["agent 0", "agent 1", "agent 2", "agent 3"];

    // Of lengths whose end no booking lies within a slice of, where time goes on by multiples of ten minutes.
    private static readonly string[] Windows = ["total", "day", "week", "month", "quarter", "year", "rolling-95m", "rolling-361m"];

    private static readonly DateTimeOffset[] Starts =
    [
        new DateTimeOffset(2029, 12, 31, 20, 0, 0, TimeSpan.Zero),
        new DateTimeOffset(2030, 3, 30, 21, 0, 0, TimeSpan.Zero),
        new DateTimeOffset(2028, 2, 28, 22, 0, 0, TimeSpan.Zero),
        new DateTimeOffset(2030, 10, 26, 21, 30, 0, TimeSpan.Zero),
        new DateTimeOffset(2031, 4, 30, 23, 50, 0, TimeSpan.Zero),
    ];

    private static readonly Gen<string> Group = Gen.Int[0, Groups.Length - 1].Select(i => Groups[i]);
    private static readonly Gen<string> Agent = Gen.Int[0, Agents.Length - 1].Select(i => Agents[i]);
    private static readonly Gen<string> Node = Gen.Int[0, Groups.Length + Agents.Length - 1].Select(i => i < Groups.Length ? Groups[i] : Agents[i - Groups.Length]);
    private static readonly Gen<string?> Under = Gen.Int[-1, Groups.Length].Select(i => i < 0 ? null : i == Groups.Length ? "nobody" : Groups[i]);
    private static readonly Gen<string> Id = Gen.Int[0, 15].Select(i => $"call {i}");
    private static readonly Gen<Money> Small = Gen.Long[0, 40].Select(Money.FromMicrocents);

    private static readonly Gen<(int Window, int Zone, long Amount, LimitAction Action)> AnyLimit = Gen.Select(
        Gen.Int[0, Windows.Length - 1], Gen.Int[0, 2], Gen.Frequency((6, Gen.Long[40, 250]), (1, Gen.Long[0, 40])),
        Gen.Frequency((5, Gen.Const(LimitAction.Refuse)), (1, Gen.Const(LimitAction.Pause)), (3, Gen.Const(LimitAction.Ask))));

    private static readonly Gen<Template> Reserve =
        from agent in Gen.Frequency((12, Agent), (1, Node))
        from id in Id
        from floor in Gen.Long[0, 20]
        from more in Gen.Long[0, 30]
        from run in Gen.Int[0, 5]
        from most in Gen.Int[0, 3]
        from whole in Gen.Int[0, 4].Select(i => i == 0)
        from tentative in Gen.Bool
        from call in Gen.Int[0, 3]
        select new Template(scene => new Reserve(
            new ReservationId(scene.Prefix + id), scene.Prefix + agent, run < 2 ? new RunId($"run {run}") : (RunId?)null, "p:m",
            Money.FromMicrocents(floor), Money.FromMicrocents(floor + more), scene.At.AddYears(50), scene.At)
        {
            Whole = whole,
            IsTentative = whole && tentative,
            Fingerprint = call > 1 ? Call(call) : call == 1 ? Call(2) : (CallFingerprint?)null,
            RunLimit = run < 2 && most > 0 ? Money.FromMicrocents(most == 1 ? 90 : 60) : (Money?)null,
        });

    private static readonly Gen<Template> Settle =
        from id in Id
        from charge in Gen.Frequency((5, Gen.Long[0, 20]), (1, Gen.Long[20, 80]))
        select new Template(scene => new Settle(new ReservationId(scene.Prefix + id), Money.FromMicrocents(charge), scene.At));

    private static readonly Gen<Template> Release = from id in Id select new Template(scene => new Release(new ReservationId(scene.Prefix + id), scene.At));

    private static readonly Gen<Template> Forfeit =
        from id in Id
        from known in Gen.Frequency((2, Gen.Const(Money.Zero)), (1, Small))
        select new Template(scene => new Forfeit(new ReservationId(scene.Prefix + id), OnlyIfExpired: false, scene.At) { Known = known });

    private static readonly Gen<Template> SetLimit =
        from node in Node
        from limit in AnyLimit
        select new Template(scene => new SetLimit(scene.Prefix + node, Limit(limit, scene), scene.At));

    private static readonly Gen<Template> RemoveLimit =
        from node in Node
        from window in Gen.Int[0, Windows.Length - 1]
        select new Template(scene => new RemoveLimit(scene.Prefix + node, Windows[window], scene.At));

    private static readonly Gen<Template> SetBudget =
        from agent in Gen.Frequency((8, Agent), (1, Group))
        from limit in Gen.Long[0, 200].Select(Money.FromMicrocents)
        from topUp in Gen.Frequency((1, Gen.Const(Money.Zero)), (2, Small))
        select new Template(scene => new SetBudget(scene.Prefix + agent, limit, topUp, null, null, scene.At));

    private static readonly Gen<Template> Answer =
        from which in Gen.Int[0, 3]
        from add in Gen.Frequency((3, Gen.Const(40L)), (1, Gen.Const(10L)), (1, Gen.Const(0L)))
        from days in Gen.Frequency((2, Gen.Const(1)), (1, Gen.Const(40)), (1, Gen.Const(0)))
        select new Template(scene =>
        {
            var (id, node) = scene.Asked.Count == 0 ? (new ApprovalId("nobody's"), scene.Prefix + Agents[which]) : scene.Asked[scene.Asked.Count - 1 - (which % scene.Asked.Count)];
            return add == 0
                ? new Deny(id, node, null, scene.At)
                : new Approve(id, node, Money.FromMicrocents(add), days == 0 ? (TimeSpan?)null : TimeSpan.FromDays(days), null, scene.At);
        });

    private static readonly Gen<Template> Breaker =
        from node in Node
        from count in Gen.Int[1, 3]
        select new Template(scene => new SetIdenticalCalls(scene.Prefix + node, count == 1 ? (int?)null : count, scene.At));

    private static readonly Gen<Template> Move =
        from node in Node
        from under in Under
        select new Template(scene => new MoveNode(scene.Prefix + node, At(under, scene), scene.At));

    private static readonly Gen<Template> Pause = from node in Node select new Template(scene => new PauseNode(scene.Prefix + node, null, scene.At) { By = "somebody" });

    private static readonly Gen<Template> Resume = from node in Node select new Template(scene => new ResumeNode(scene.Prefix + node, scene.At));

    private static readonly Gen<Template> CreateGroup =
        from node in Node
        from under in Under
        select new Template(scene => new CreateGroup(scene.Prefix + node, null, At(under, scene), scene.At));

    private static readonly Gen<Template> CreateAgent =
        from node in Node
        from under in Under
        select new Template(scene => new CreateAgent(scene.Prefix + node, null, scene.At) { Under = At(under, scene) });

    private static readonly Gen<Template> DeleteGroup = from node in Group select new Template(scene => new DeleteGroup(scene.Prefix + node, scene.At));

    private static readonly Gen<Template> DeleteAgent = from node in Agent select new Template(scene => new DeleteAgent(scene.Prefix + node, scene.At));

    /// <summary>Moments near the end of a day, a month, a quarter or a year, and the days on which clocks are changed, or there is a 29th of February.</summary>
    public static Gen<DateTimeOffset> Start { get; } = Gen.Int[0, 4].Select(moment => Starts[moment]);

    private static readonly Gen<TimeSpan> After = Gen.Frequency(
        (20, Gen.Const(0)), (6, Gen.Int[1, 3]), (4, Gen.Int[4, 60]), (2, Gen.Int[60, 6 * 24 * 8]), (1, Gen.Int[6 * 24 * 20, 6 * 24 * 100]))
        .Select(tens => TimeSpan.FromMinutes(10 * tens));

    /// <summary>A tree of four levels whose nodes have three limits each: which group is above which, and what the limits are, is random.</summary>
    public static Gen<Template[]> Tree { get; } =
        from aboveTeams in Gen.Int[1, 2].Array[3]
        from aboveAgents in Gen.Int[3, 5].Array[4]
        from limits in AnyLimit.Array[3 * (Groups.Length + Agents.Length)]
        select (Template[])[.. Groups.Concat(Agents).SelectMany((node, i) => (Template[])
            [
                scene => i < Groups.Length
                    ? new CreateGroup(scene.Prefix + node, null, At(i == 0 ? null : i < 3 ? Groups[0] : Groups[aboveTeams[i - 3]], scene), scene.At)
                    : new CreateAgent(scene.Prefix + node, null, scene.At) { Under = At(Groups[aboveAgents[i - Groups.Length]], scene) },
                .. limits.Skip(3 * i).Take(3).Select(limit => new Template(scene => new SetLimit(scene.Prefix + node, Limit(limit, scene), scene.At))),
            ])];

    private static readonly Gen<Template> Calls = Gen.Frequency((10, Reserve), (5, Settle), (1, Release), (2, Forfeit));

    /// <summary>Every command, and time goes on.</summary>
    public static Gen<Step> Any { get; } = Gen.Select(
        After,
        Gen.Frequency(
            (18, Calls), (3, SetLimit), (2, RemoveLimit), (2, SetBudget), (4, Answer), (2, Move), (1, Pause), (2, Resume), (1, CreateGroup), (1, CreateAgent),
            (1, DeleteGroup), (2, Breaker), (1, Gen.Frequency((1, DeleteAgent), (3, Resume)))),
        (after, make) => new Step(after, make));

    /// <summary>Calls alone, and time goes on.</summary>
    public static Gen<Step> OfCalls { get; } = Gen.Select(After, Calls, (after, make) => new Step(after, make));

    /// <summary>Calls alone, some of them by a clock that is ahead.</summary>
    public static Gen<(Step Step, TimeSpan Ahead)> OfCallsByAClockThatJumps { get; } = Gen.Select(OfCalls, Gen.Frequency((3, Gen.Const(TimeSpan.Zero)), (1, After)));

    /// <summary>The commands whose success leaves an entry, and whose outcome others see.</summary>
    public static Gen<Template> Booked { get; } = Gen.Frequency((18, Calls), (2, SetLimit), (1, RemoveLimit), (1, SetBudget), (2, Move), (1, Pause), (1, Resume), (1, DeleteGroup), (1, Breaker));

    /// <summary>The same, and time goes on.</summary>
    public static Gen<Step> OfBooked { get; } = Gen.Select(After, Booked, (after, make) => new Step(after, make));

    private static CallFingerprint Call(int call) => new(new string((char)('0' + call), 32));

    private static NodeId? At(string? node, Scene scene) => node is null ? (NodeId?)null : new NodeId(scene.Prefix + node);

    private static Limit Limit((int Window, int Zone, long Amount, LimitAction Action) limit, Scene scene)
    {
        var name = Windows[limit.Window];
        var isCalendar = limit.Window is > 0 and < 6;
        var made = SpendGuard.Limit.Of(Money.FromMicrocents(limit.Amount), LimitWindow.Parse(name, isCalendar ? scene.Zones[limit.Zone] : null));
        return limit.Action == LimitAction.Pause ? made.ThatPauses() : limit.Action == LimitAction.Ask ? made.ThatAsks() : made;
    }
}
