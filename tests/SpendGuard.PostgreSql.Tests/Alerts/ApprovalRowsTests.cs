using Npgsql;
using SpendGuard.Budgets;
using SpendGuard.PostgreSql.Alerts;
using SpendGuard.PostgreSql.Commits;
using SpendGuard.PostgreSql.Tests.Server;
using SpendGuard.Testing;
using SpendGuard.Testing.Stores;

namespace SpendGuard.PostgreSql.Tests.Alerts;

/// <summary>Requests for approval and identical calls come back as they were saved.</summary>
[Trait(Traits.Needs, Traits.Postgres)]
public sealed class ApprovalRowsTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private readonly string _tenant = $"tenant {Guid.NewGuid()}";

    [Fact]
    public async Task ApprovalsAndStreaks_ComeBackAsTheyWereSaved()
    {
        await using var store = await PostgresBudgetStore.OpenAsync(
            new PostgresStoreOptions { ConnectionString = database.ConnectionString, Tenant = _tenant, Timeout = TestDatabase.Patience });
        await store.SetAsync("a", 100);
        Approval[] asked = [Asked("p1", 1), Asked("P2", 2), Asked("p2", 2), Asked("p4", 3) with { Run = null, Model = null }];
        var (first, second) = (new CallFingerprint(new string('0', 32)), new CallFingerprint(new string('f', 32)));
        var denied = asked[1] with
        {
            State = ApprovalState.Denied, DecidedAt = StoreSteps.Second(9), By = "who", Reason = "why", Until = StoreSteps.Second(99),
        };
        await SaveAsync([.. asked.Select(approval => new Transition(new BudgetState(), BudgetStatus.Insufficient) { Approval = approval })]);
        await SaveAsync(
            new Transition(new BudgetState(), BudgetStatus.Insufficient) { Approval = denied, Streak = new Streak("a", new RunId("r"), first, 1) });
        await SaveAsync(
            new Transition(new BudgetState(), BudgetStatus.Insufficient) { Streak = new Streak("a", new RunId("r"), second, 7) },
            new Transition(new BudgetState(), BudgetStatus.Insufficient) { Streak = new Streak("a", new RunId("other"), first, 2) });

        // Of one moment by ordinal, so upper case comes after lower case.
        Assert.Equal([asked[3], asked[2], denied, asked[0]], await store.ListApprovalsAsync(state: null, before: null, 10, default));
        Assert.Equal([denied, asked[0]], await store.ListApprovalsAsync(state: null, asked[2], 10, default));
        Assert.Equal([asked[2]], await store.ListApprovalsAsync(ApprovalState.Pending, asked[3], 1, default));
        Assert.Equal([denied], await store.ListApprovalsAsync(ApprovalState.Denied, before: null, 10, default));
        Assert.Equal(denied, await store.FindApprovalAsync(denied.Id, default));
        Assert.Null(await store.FindApprovalAsync(new ApprovalId("p9"), default));
        Assert.Equal(
            $"other {first} 2,r {second} 7",
            await database.QueryAsync($"SELECT string_agg(run || ' ' || fingerprint || ' ' || count, ',' ORDER BY run) FROM spendguard.streaks WHERE tenant = '{_tenant}'"));
    }

    private static Approval Asked(string id, int at) => new()
    {
        Id = new ApprovalId(id),
        Agent = "a",
        Node = "a",
        Limit = "total",
        Number = 0,
        Need = StoreSteps.Amount(-5),
        Run = new RunId("run"),
        Model = "p:m",
        AskedAt = StoreSteps.Second(at),
    };

    private async Task SaveAsync(params Transition[] transitions)
    {
        var work = new WorkingSet(new AlertMemory());
        foreach (var transition in transitions)
        {
            work.Approvals.Save(transition);
        }

        Assert.True(work.HasChanges);
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using (var begin = new NpgsqlCommand("BEGIN", connection))
        {
            await begin.ExecuteNonQueryAsync();
        }

        await new BatchWriter(_tenant).WriteAsync(connection, new Attempt([], work), prepare: true, notify: false, default);
    }
}
