using Npgsql;
using SpendGuard.PostgreSql.Alerts;
using SpendGuard.PostgreSql.Approvals;
using SpendGuard.PostgreSql.Rows;
using SpendGuard.PostgreSql.Tests.Server;
using SpendGuard.Testing;
using SpendGuard.Testing.Stores;

namespace SpendGuard.PostgreSql.Tests.Schema;

/// <summary>How the questions whose cost could grow with all that a database holds are planned, when the planner knows how much it is.</summary>
[Trait(Traits.Needs, Traits.Postgres)]
public sealed class GrowthTests : IAsyncLifetime
{
    private const int Agents = 3_000;
    private const int InFlight = 1_000;
    private const int Groups = 300;
    private const int WindowsOfAGroup = 20;

    private readonly TestDatabase _database = new();

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        await using (await OpenAsync())
        {
        }

        // As the store would have written it, only faster.
        string[] books =
        [
            $"UPDATE spendguard.ledgers SET last = {Agents} WHERE tenant = 'default'",
            $"INSERT INTO spendguard.nodes SELECT 'default', 'agent ' || i, NULL, 1, NULL, gen_random_uuid() FROM generate_series(1, {Agents}) AS i",
            $"""
            INSERT INTO spendguard.agent_budgets SELECT 'default', 'agent ' || i, 100, 100, 0, (i <= {InFlight})::int, NULL, (i <= {InFlight})::int, false, i
            FROM generate_series(1, {Agents}) AS i
            """,
            $"""
            INSERT INTO spendguard.reservations (tenant, id, agent, floor, ceiling, held, charged, created_at, expires_at, entry)
            SELECT 'default', 'r' || i, 'agent ' || i, 1, 1, 1, 0, 1, 1, i FROM generate_series(1, {InFlight}) AS i
            """,
            $"""
            INSERT INTO spendguard.ledger (tenant, sequence, at, kind, agent, amount, hard_limit, granted, raised, spent, held, batch)
            SELECT 'default', i, 1, 'budget-set', 'agent ' || i, 0, 100, 100, 0, 0, (i <= {InFlight})::int, gen_random_uuid() FROM generate_series(1, {Agents}) AS i
            """,
            .. Tree,
            "ANALYZE",
        ];
        foreach (var sql in books)
        {
            await _database.ExecuteAsync(sql);
        }
    }

    private static string[] Tree { get; } =
    [
        $"""
        INSERT INTO spendguard.nodes (tenant, id, kind, parent, created_at, batch)
        SELECT 'default', 'group ' || i, 'group', CASE WHEN i > 10 THEN 'group ' || i / 10 END, 1, gen_random_uuid() FROM generate_series(1, {Groups}) AS i
        """,
        $"UPDATE spendguard.nodes SET parent = 'group ' || (substr(id, 7)::integer % {Groups} + 1) WHERE kind = 'agent'",
        $"""
        INSERT INTO spendguard.limits (tenant, node, name, amount, action) SELECT 'default', n.id, w.name, 100, 'refuse'
        FROM spendguard.nodes AS n, (VALUES ('day'), ('month'), ('rolling-1h')) AS w (name)
        """,
        $"""
        INSERT INTO spendguard.accounts (tenant, node, limit_name, number, began, ends, amount, granted, spent, held, entry)
        SELECT 'default', l.node, l.name, i, i, i + 1, 100, 1000, 0,
            CASE WHEN i = 20 AND (l.node, l.name) IN (('group 7', 'day'), ('group 70', 'month')) THEN {InFlight} ELSE 0 END, 1
        FROM spendguard.limits AS l, generate_series(1, {WindowsOfAGroup}) AS i WHERE l.node LIKE 'group%'
        """,
        $"""
        INSERT INTO spendguard.approvals (tenant, id, agent, node, limit_name, number, need, asked_at, state, decided_at, added)
        SELECT 'default', 'p' || i, 'agent ' || i, 'group 7', 'month', 20, 1, i, CASE WHEN i % 100 = 0 THEN 'pending' ELSE 'denied' END,
            CASE WHEN i % 100 > 0 THEN 1 END, 0 FROM generate_series(1, {Agents}) AS i
        """,
        $"INSERT INTO spendguard.streaks SELECT 'default', 'agent ' || i, 'run', repeat('0', 32), 1 FROM generate_series(1, {Agents}) AS i",
        $"INSERT INTO spendguard.alerts SELECT 'default', i, 'evt ' || i, i, 'agent ' || i, '' FROM generate_series(1, {Agents}) AS i",
        "INSERT INTO spendguard.alert_sinks VALUES ('default', 'log', 1), ('default', 'hook', 1)",
        $"INSERT INTO spendguard.alert_deliveries SELECT 'default', s.name, i, 0, 0, i, NULL, NULL FROM spendguard.alert_sinks AS s, generate_series(1, {Agents}) AS i",
        $"""
        UPDATE spendguard.reservations SET accounts = '[["group 7","day",20],["group 70","month",20]]'
        """,
    ];

    public Task DisposeAsync() => _database.DisposeAsync();

    [Theory]
    [InlineData(PostgresSql.FindUnbalanced)]
    [InlineData(TreeSql.FindUnbalanced)]
    [InlineData(PostgresSql.IsLedgerWhole)]
    [InlineData(PostgresSql.ListFirstAgents)]
    [InlineData(PostgresSql.ListAgentsAfter)]
    [InlineData(PostgresSql.FindInFlight)]
    [InlineData(PostgresSql.ReadLedger)]
    [InlineData(PostgresSql.ReadLedgerOfAgent)]
    public async Task Question_ComparesNothingWithEverything(string sql)
    {
        var plan = await PlanAsync(sql.Replace("$1", "'default'", StringComparison.Ordinal).Replace("$2", "5", StringComparison.Ordinal)
            .Replace("$3", sql == PostgresSql.ListAgentsAfter ? "'agent 7'" : "5", StringComparison.Ordinal).Replace("$4", "'agent 7'", StringComparison.Ordinal));

        // A join without an index for one of its sides: each with each.
        Assert.DoesNotContain(plan, line => line.Contains("Join Filter:", StringComparison.Ordinal));
    }

    /// <summary>What each call asks for: the way from its agent up, the limits on it and their last accounts.</summary>
    [Fact]
    public async Task QuestionsOfTheTree_ReadNoWholeTable()
    {
        (string Sql, string[] Values)[] questions =
        [
            (TreeSql.LockPaths, ["ARRAY['agent 7']"]),
            (TreeSql.LockPathsAndThoseOfReservations, ["ARRAY['agent 7']", "ARRAY['r7', 'r8']"]),
            (TreeSql.FindPath, ["ARRAY['agent 7']"]),
            (TreeSql.FindBelow, ["ARRAY['group 7']"]),
            (TreeSql.ListNodes, ["'agent 7'", "5"]),
            (TreeSql.FindLimitsOfPaths, ["ARRAY['agent 7']"]),
            (TreeSql.FindLimits, ["ARRAY['group 7', 'group 8']"]),
            (TreeSql.FindLastAccounts, ["ARRAY['group 7']", "ARRAY['day']"]),
            (TreeSql.FindAccountsOfReservations, ["ARRAY['r7']"]),
            (AlertSql.Take, ["'log'", "7"]),
            (AlertSql.List, ["70", "5"]),
            (AlertSql.ListOfNode, ["70", "5", "'agent 7'"]),
            (ApprovalSql.FindApproval, ["'p'"]),
            (ApprovalSql.ListApprovals, ["5", "7", "'p'"]),
            (ApprovalSql.ListApprovalsOfState, ["5", "7", "'p'", "'pending'"]),
            (ApprovalSql.FindStreaks, ["ARRAY['agent 7']", "ARRAY['run']"]),
            (TreeSql.FindAccounts, ["ARRAY['group 7']", "ARRAY['day']", "ARRAY[7]"]),
        ];
        foreach (var (sql, values) in questions)
        {
            var asked = values.Prepend("'default'").Select((value, i) => (Name: $"${i + 1}", value))
                .Aggregate(sql, (text, value) => text.Replace(value.Name, value.value, StringComparison.Ordinal));
            var plan = await PlanAsync(asked);
            Assert.False(
                plan.Exists(line => line.Contains("Seq Scan on", StringComparison.Ordinal) || line.Contains("Join Filter:", StringComparison.Ordinal)),
                string.Join('\n', plan));
        }
    }

    [Fact]
    public async Task Opening_BooksThatBalance_AreTaken_AndOthersAreNamed()
    {
        await using (await OpenAsync())
        {
        }

        await _database.ExecuteAsync("UPDATE spendguard.agent_budgets SET in_flight = in_flight + 1 WHERE agent = 'agent 7'");
        Assert.Contains("'agent 7'", (await Assert.ThrowsAsync<StoreUnavailableException>(OpenAsync)).Message, StringComparison.Ordinal);

        await _database.ExecuteAsync("UPDATE spendguard.agent_budgets SET in_flight = in_flight - 1 WHERE agent = 'agent 7'");
        await _database.ExecuteAsync("UPDATE spendguard.agent_budgets SET spent = 1 WHERE agent = 'agent 2999'");
        Assert.Contains("'agent 2999'", (await Assert.ThrowsAsync<StoreUnavailableException>(OpenAsync)).Message, StringComparison.Ordinal);

        await _database.ExecuteAsync("UPDATE spendguard.agent_budgets SET spent = 0 WHERE agent = 'agent 2999'");
        await _database.ExecuteAsync("UPDATE spendguard.accounts SET held = held - 1 WHERE node = 'group 70' AND held > 0");
        Assert.Contains("Limit month of 'group 70'", (await Assert.ThrowsAsync<StoreUnavailableException>(OpenAsync)).Message, StringComparison.Ordinal);

        await _database.ExecuteAsync("UPDATE spendguard.accounts SET held = held + 1 WHERE node = 'group 70' AND held > 0");
        await _database.ExecuteAsync("UPDATE spendguard.accounts SET held = 1 WHERE node = 'group 71' AND limit_name = 'day' AND number = 3");
        Assert.Contains("Limit day of 'group 71'", (await Assert.ThrowsAsync<StoreUnavailableException>(OpenAsync)).Message, StringComparison.Ordinal);
    }

    private Task<PostgresBudgetStore> OpenAsync() => PostgresBudgetStore.OpenAsync(new PostgresStoreOptions { ConnectionString = _database.ConnectionString });

    private async Task<List<string>> PlanAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("EXPLAIN " + sql, connection);
        await using var rows = await command.ExecuteReaderAsync();
        var plan = new List<string>();
        while (await rows.ReadAsync())
        {
            plan.Add(rows.GetString(0));
        }

        return plan;
    }
}
