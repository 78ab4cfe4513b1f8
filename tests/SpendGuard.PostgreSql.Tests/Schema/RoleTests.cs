using System.Text.RegularExpressions;
using Npgsql;
using SpendGuard.Alerts;
using SpendGuard.Budgets;
using SpendGuard.PostgreSql.Alerts;
using SpendGuard.PostgreSql.Tests.Server;
using SpendGuard.Testing;
using SpendGuard.Testing.Stores;

namespace SpendGuard.PostgreSql.Tests.Schema;

/// <summary>The roles of references/postgresql.md, made by the very statements that it shows.</summary>
[Trait(Traits.Needs, Traits.Postgres)]
public sealed partial class RoleTests : IAsyncLifetime
{
    private readonly TestDatabase _database = new();
    private readonly string _owner = $"owner_{Guid.NewGuid():N}";
    private readonly string _runner = $"runner_{Guid.NewGuid():N}";

    private PostgresStoreOptions Runner => new() { ConnectionString = As(_runner), AutoMigrate = false, Timeout = TestDatabase.Patience };

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        var blocks = await StatementsAsync();
        await _database.ExecuteAsync(blocks[0].Split("CREATE DATABASE")[0]);
        await _database.ExecuteAsync($"ALTER DATABASE \"{new NpgsqlConnectionStringBuilder(_database.ConnectionString).Database}\" OWNER TO {_owner}");
        await PostgresBudgetStore.MigrateAsync(new PostgresStoreOptions { ConnectionString = As(_owner) });
        await TestDatabase.ExecuteAsync(As(_owner), blocks[1]);
    }

    public async Task DisposeAsync()
    {
        await _database.ExecuteAsync($"DROP OWNED BY {_runner}; DROP ROLE {_runner}");
        await _database.ExecuteAsync($"REASSIGN OWNED BY {_owner} TO postgres; DROP ROLE {_owner}");
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task RunningRole_DoesEverythingThatTheStoreDoes_AndNothingMore()
    {
        await using (var store = await PostgresBudgetStore.OpenAsync(Runner))
        {
            await store.SetAsync("a", 100, key: "k");
            await store.SetAsync("a", 200, key: "k2");
            await store.ReserveAsync("a", "r1", 1, 10);
            await store.ReserveAsync("a", "r2", 1, 10);
            Assert.Equal(BudgetStatus.Applied, (await store.SettleAsync("r1", 5)).Status);
            Assert.Equal(BudgetStatus.Applied, (await store.RenewAsync("r2", 900)).Status);
            Assert.Equal(BudgetStatus.Applied, (await store.NameAsync("r2", "name")).Status);
            Assert.Equal(BudgetStatus.Applied, (await store.ForfeitAsync("r2")).Status);
            await UseTreeAsync(store);
            await UseAlertsAsync(store);
            Assert.Equal(BudgetStatus.Applied, (await store.ApplyAsync(new RenameAgent("a", "name", StoreSteps.Start), default)).Status);
            Assert.Equal(BudgetStatus.Applied, (await store.ApplyAsync(new DeleteAgent("a", StoreSteps.Start), default)).Status);
            await Books.AssertBalancedAsync(store);
        }

        foreach (var forbidden in (string[])
            [
                "UPDATE spendguard.ledger SET amount = 0",
                "DELETE FROM spendguard.ledger",
                "TRUNCATE spendguard.ledger",
                "DELETE FROM spendguard.agent_budgets",
                "UPDATE spendguard.reservations SET held = 0",
                "UPDATE spendguard.agent_budgets SET tenant = 'other'",
                "DELETE FROM spendguard.nodes",
                "UPDATE spendguard.nodes SET kind = 'group'",
                "DELETE FROM spendguard.accounts",
                "UPDATE spendguard.accounts SET number = 9",
                "UPDATE spendguard.limits SET node = 'a'",
                "UPDATE spendguard.reservations SET accounts = NULL",
                "UPDATE spendguard.approvals SET need = 0",
                "DELETE FROM spendguard.approvals",
                "DELETE FROM spendguard.alerts",
                "UPDATE spendguard.alerts SET body = ''",
                "DROP TABLE spendguard.ledger",
                "CREATE TABLE spendguard.more (x int)",
                "INSERT INTO spendguard.migrations (version) VALUES (99)",
            ])
        {
            var refusal = await Assert.ThrowsAsync<PostgresException>(() => TestDatabase.ExecuteAsync(As(_runner), forbidden));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
        }
    }

    [Fact]
    public async Task MissingPrivilege_IsRefusedWithASentence()
    {
        await _database.ExecuteAsync($"REVOKE ALL ON spendguard.ledgers FROM {_runner}");

        var exception = await Assert.ThrowsAsync<StoreUnavailableException>(() => PostgresBudgetStore.OpenAsync(Runner));

        Assert.Contains("privilege", exception.Message, StringComparison.Ordinal);
    }

    private static async Task UseAlertsAsync(PostgresBudgetStore store)
    {
        var (start, day) = (StoreSteps.Start, TimeSpan.FromDays(1));
        await store.Alerts.RegisterAsync("gone", start, day, start, default);
        await ((PostgresAlerts)store.Alerts).RaiseAsync(new Alert { Id = "evt_1", Kind = AlertKind.Refused, At = start, Node = "a" }, default);
        await store.Alerts.RegisterAsync("log", start, TimeSpan.Zero, start, default);
        var due = (await store.Alerts.TakeAsync("log", day, start, default))!;
        Assert.True(await store.Alerts.MarkFailedAsync(due, "failure", day, start, default));
        Assert.True(await store.Alerts.MarkDeliveredAsync(due, start, default));
        Assert.Equal(1, await store.Alerts.ReplayAsync(new AlertSelection { Id = "evt_1" }, start, default));
        Assert.NotEmpty(await store.Alerts.ListAsync(before: null, node: null, 10, default));
        Assert.Empty(await store.ListApprovalsAsync(ApprovalState.Pending, before: null, 10, default));
        Assert.Null(await store.FindApprovalAsync(new ApprovalId("p"), default));
    }

    private static async Task UseTreeAsync(PostgresBudgetStore store)
    {
        BudgetAnswer[] answers =
        [
            await store.GroupAsync("g"),
            await store.GroupAsync("empty", under: "g"),
            await store.LimitAsync("g", Limit.PerYear(StoreSteps.Amount(100))),
            await store.LimitAsync("g", Limit.PerYear(StoreSteps.Amount(90), "Asia/Tokyo").ThatPauses()),
            await store.LimitAsync("g", Limit.Rolling(StoreSteps.Amount(100), TimeSpan.FromHours(1))),
            await store.MoveAsync("a", "g"),
            await store.ReserveAsync("a", "r3", 1, 10, runLimit: 100),
            await store.LimitAsync("g", Limit.Rolling(StoreSteps.Amount(50), TimeSpan.FromHours(1))),
            await store.SettleAsync("r3", 5),
            await store.PauseAsync("a", "reason"),
            await store.ResumeAsync("a"),
            await store.RemoveLimitAsync("g", "year"),
            await store.RemoveLimitAsync("a", "total"),
            await store.DeleteGroupAsync("empty"),
        ];
        Assert.All(answers, answer => Assert.Equal(BudgetStatus.Applied, answer.Status));
        Assert.NotEmpty(await store.ListNodesAsync(after: null, 10, default));
    }

    [GeneratedRegex("```sql\n(?<sql>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex SqlBlocks();

    private async Task<string[]> StatementsAsync()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "postgresql.md"));
        return [.. SqlBlocks().Matches(page).Select(block => block.Groups["sql"].Value
            .Replace("spendguard_owner", _owner, StringComparison.Ordinal)
            .Replace("ROLE spendguard ", $"ROLE {_runner} ", StringComparison.Ordinal)
            .Replace("TO spendguard;", $"TO {_runner};", StringComparison.Ordinal))];
    }

    private string As(string role) => new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Username = role, Password = "…" }.ConnectionString;
}
