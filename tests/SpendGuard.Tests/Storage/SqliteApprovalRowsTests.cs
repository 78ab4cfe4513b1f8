using SpendGuard.Budgets;
using SpendGuard.Storage;
using SpendGuard.Storage.Sqlite;
using SpendGuard.Testing;
using SpendGuard.Testing.Stores;

namespace SpendGuard.Tests.Storage;

/// <summary>Requests for approval and identical calls come back as they were saved.</summary>
public sealed class SqliteApprovalRowsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private SqliteStoreOptions Options => new() { Path = _folder.File() };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Approvals_AreListedNewestFirst_AndChangeInWhatBecameOfThem()
    {
        await using var store = await SqliteBudgetStore.OpenAsync(Options);
        await store.SetAsync("a", 100);
        Approval[] asked = [Asked("p1", 1), Asked("p2", 2), Asked("p3", 2), Asked("p4", 3) with { Run = null, Model = null }];
        Save([.. asked.Select(approval => Made(approval: approval))]);
        var denied = asked[1] with
        {
            State = ApprovalState.Denied, DecidedAt = StoreSteps.Second(9), By = "who", Reason = "why", Added = StoreSteps.Amount(0), Until = StoreSteps.Second(99),
        };
        Save(Made(approval: denied));

        Assert.Equal([asked[3], asked[2], denied, asked[0]], await store.ListApprovalsAsync(state: null, before: null, 10, default));
        Assert.Equal([denied, asked[0]], await store.ListApprovalsAsync(state: null, asked[2], 10, default));
        Assert.Equal([asked[2]], await store.ListApprovalsAsync(ApprovalState.Pending, asked[3], 1, default));
        Assert.Equal([denied], await store.ListApprovalsAsync(ApprovalState.Denied, before: null, 10, default));
        Assert.Equal(denied, await store.FindApprovalAsync(denied.Id, default));
        Assert.Null(await store.FindApprovalAsync(new ApprovalId("p9"), default));
    }

    [Fact]
    public async Task Streak_IsOneForEachRun()
    {
        await using var store = await SqliteBudgetStore.OpenAsync(Options);
        await store.SetAsync("a", 100);
        var (first, second) = (new CallFingerprint(new string('0', 32)), new CallFingerprint(new string('f', 32)));
        Save(Made(new Streak("a", new RunId("r"), first, 1)), Made(new Streak("a", new RunId("r"), second, 7)), Made(new Streak("a", new RunId("other"), first, 2)));

        using var connection = SqliteFile.OpenReader(Options);
        using var queries = new SqliteQueries(connection);
        Assert.Equal(new Streak("a", new RunId("r"), second, 7), queries.Approvals.Find(new StreakKey("a", new RunId("r"))));
        Assert.Equal(2, queries.Approvals.Find(new StreakKey("a", new RunId("other")))?.Count);
        Assert.Null(queries.Approvals.Find(new StreakKey("a", new RunId("none"))));
    }

    private static Approval Asked(string id, int second) => new()
    {
        Id = new ApprovalId(id),
        Agent = "a",
        Node = "a",
        Limit = "total",
        Number = 0,
        Need = StoreSteps.Amount(-5),
        Run = new RunId("run"),
        Model = "p:m",
        AskedAt = StoreSteps.Second(second),
    };

    private static Transition Made(Streak? streak = null, Approval? approval = null) =>
        new(new BudgetState(), BudgetStatus.Insufficient) { Streak = streak, Approval = approval };

    private void Save(params Transition[] transitions)
    {
        using var session = SqliteSession.Open(Options, static _ => { });
        session.Begin();
        foreach (var transition in transitions)
        {
            session.Save(transition);
        }

        session.Commit();
    }
}
