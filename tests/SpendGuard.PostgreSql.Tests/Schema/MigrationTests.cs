using SpendGuard.Budgets;
using SpendGuard.PostgreSql.Schema;
using SpendGuard.PostgreSql.Tests.Server;
using SpendGuard.Testing;
using SpendGuard.Testing.Stores;

namespace SpendGuard.PostgreSql.Tests.Schema;

[Trait(Traits.Needs, Traits.Postgres)]
public sealed class MigrationTests : IAsyncLifetime
{
    private readonly TestDatabase _database = new();

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Migrate_ByHand_IsWhatAStoreThatMayNotNeeds()
    {
        var exception = await Assert.ThrowsAsync<StoreUnavailableException>(() => OpenAsync(autoMigrate: false));
        Assert.Contains("spendguard migrate", exception.Message, StringComparison.Ordinal);
        Assert.Equal(0L, await _database.QueryAsync("SELECT count(*) FROM information_schema.schemata WHERE schema_name = 'spendguard'"));

        Assert.Equal((0, PostgresSchema.LatestVersion), await MigrateAsync());
        Assert.Equal((PostgresSchema.LatestVersion, PostgresSchema.LatestVersion), await MigrateAsync());

        await using var store = await OpenAsync(autoMigrate: false);
        Assert.Equal(BudgetStatus.Applied, (await store.SetAsync("a", 1)).Status);
    }

    [Fact]
    public async Task Migrate_TablesOfTheFirstSchema_KeepTheirBooksAndTakeBatchesAndNames()
    {
        string[] books =
        [
            PostgresSchema.Found,
            PostgresSchema.FoundMigrations,
            .. PostgresSchema.Steps[0],
            "INSERT INTO spendguard.migrations (version) VALUES (1)",
            "INSERT INTO spendguard.ledgers VALUES ('default', 2)",
            "INSERT INTO spendguard.agents (tenant, id, created_at, batch) VALUES ('default', 'a', 1, gen_random_uuid())",
            "INSERT INTO spendguard.budgets VALUES ('default', 'a', 100, 100, 0, 40, 1, 1, false, 2)",
            $"INSERT INTO spendguard.reservations VALUES ('default', 'r', 'a', NULL, 'p:m', NULL, NULL, 40, 40, 40, NULL, 0, 1, {DateTime.MaxValue.Ticks}, 2)",
            "INSERT INTO spendguard.ledger VALUES ('default', 1, 1, 'budget-set', 'a', NULL, NULL, NULL, NULL, NULL, 0, 100, 100, 0, 0, NULL, '100|0|', gen_random_uuid())",
            "INSERT INTO spendguard.ledger VALUES ('default', 2, 1, 'reserved', 'a', 'r', NULL, 'p:m', NULL, NULL, 40, 100, 100, 0, 40, NULL, NULL, gen_random_uuid())",
        ];
        foreach (var sql in books)
        {
            await _database.ExecuteAsync(sql);
        }

        await using var store = await OpenAsync();

        Assert.Equal(BudgetStatus.Applied, (await store.ReserveAsync("a", "batch", 20, 20, whole: true, requests: 3, cards: "{}")).Status);
        Assert.Equal(BudgetStatus.Applied, (await store.NameAsync("batch", "provider:1")).Status);
        Assert.Equal(BudgetStatus.Applied, (await store.NameAsync("r", "provider:2")).Status);
        Assert.Equal((2, 1), (await store.BudgetAsync("a") is var budget ? budget.InFlight : 0, budget.Batches));
        var batch = (await store.FindNamedReservationAsync("provider:1", default))!;
        Assert.Equal((3, "{}"), (batch.Requests, batch.Cards));
        var call = (await store.FindNamedReservationAsync("provider:2", default))!;
        Assert.Equal((null, null), (call.Requests, call.Cards));
    }

    /// <summary>The statements of the version before there were groups, with which each of its commands begins.</summary>
    [Theory]
    [InlineData("SELECT b.agent, b.hard_limit FROM spendguard.budgets AS b WHERE b.tenant = 'default' AND b.agent = ANY (ARRAY['a']) ORDER BY b.agent FOR UPDATE OF b")]
    [InlineData("SELECT b.agent FROM spendguard.budgets AS b WHERE b.tenant = 'default' AND b.agent IN (SELECT r.agent FROM spendguard.reservations AS r) FOR UPDATE OF b")]
    [InlineData("SELECT id, name, created_at, deleted_at, batch FROM spendguard.agents WHERE tenant = 'default'")]
    [InlineData("UPDATE spendguard.agents SET name = 'x'")]
    public async Task OlderProgram_IsRefusedWhatEachOfItsCommandsBeginsWith(string sql)
    {
        await MigrateAsync();

        var refusal = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => _database.ExecuteAsync(sql));

        Assert.Equal(Npgsql.PostgresErrorCodes.UndefinedTable, refusal.SqlState);
    }

    [Fact]
    public async Task ManyStoresThatMakeTheTablesAtOnce_AgreeOnOne()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => OpenAsync())));

        var set = await Task.WhenAll(stores.Select(store => store.SetAsync("a", 100, key: "k")));

        Assert.Single(set, answer => answer.Status == BudgetStatus.Applied);
        Assert.Equal((long)PostgresSchema.LatestVersion, await _database.QueryAsync("SELECT count(*) FROM spendguard.migrations"));
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task NewerTables_AreRefusedByNameAndStayAsTheyAre()
    {
        await MigrateAsync();
        await _database.ExecuteAsync("INSERT INTO spendguard.migrations (version) VALUES (99)");

        var opened = await Assert.ThrowsAsync<StoreUnavailableException>(() => OpenAsync());
        var migrated = await Assert.ThrowsAsync<StoreUnavailableException>(() => MigrateAsync());

        Assert.Contains("schema 99", opened.Message, StringComparison.Ordinal);
        Assert.Contains("Update SpendGuard", migrated.Message, StringComparison.Ordinal);
    }

    /// <summary>What was kept before there were requests for approval and alerts is as it was, and a program of that time holds nothing more.</summary>
    [Fact]
    public async Task Migrate_TablesOfBeforeApprovals_KeepsTheLedgerAndRefusesTheOlderProgram()
    {
        const string Entry =
            """
            INSERT INTO spendguard.ledger (tenant, sequence, at, kind, agent, group_id, reservation, run, model, function, unbounded, amount, hard_limit,
                granted, spent, held, idempotency_key, content, limit_name, under, done_by, reason, batch)
            VALUES ('default', {0}, 7, 'reserved', 'a', NULL, 'r', 'run', 'p:m', 'f', 'u', 5, 100, 100, 0, 5, NULL, NULL, NULL, NULL, NULL, NULL, gen_random_uuid())
            """;
        const string Entries = "SELECT string_agg((to_jsonb(l) - ARRAY['raised', 'added', 'dry_run', 'input_tokens', 'cache_read_tokens', 'cache_write_tokens', 'output_tokens', 'reasoning_tokens'])::text, chr(10) ORDER BY sequence) FROM spendguard.ledger AS l";
        var version = Array.IndexOf(PostgresSchema.Steps, ApprovalSchema.Step);
        string[] books =
        [
            PostgresSchema.Found,
            PostgresSchema.FoundMigrations,
            .. PostgresSchema.Steps.Take(version).SelectMany(step => step),
            $"INSERT INTO spendguard.migrations (version) SELECT generate_series(1, {version})",
            "INSERT INTO spendguard.ledgers VALUES ('default', 3)",
            "INSERT INTO spendguard.nodes (tenant, id, kind, created_at, batch) VALUES ('default', 'team', 'group', 1, gen_random_uuid())",
            "INSERT INTO spendguard.nodes (tenant, id, parent, created_at, batch) VALUES ('default', 'a', 'team', 1, gen_random_uuid())",
            "INSERT INTO spendguard.limits VALUES ('default', 'team', 'month', 'Europe/Berlin', 50, 'pause')",
            "INSERT INTO spendguard.accounts VALUES ('default', 'team', 'month', 1, 1, NULL, NULL, 50, 50, 0, 5, NULL, 3)",
            "INSERT INTO spendguard.agent_budgets (tenant, agent, hard_limit, granted, spent, held, in_flight, closed, entry) VALUES ('default', 'a', 100, 100, 0, 5, 1, false, 3)",
            $"""
            INSERT INTO spendguard.reservations (tenant, id, agent, floor, ceiling, held, charged, created_at, expires_at, entry, accounts)
            VALUES ('default', 'r', 'a', 5, 5, 5, 0, 1, {DateTime.MaxValue.Ticks}, 3, '[["team","month",1]]')
            """,
            "INSERT INTO spendguard.ledger (tenant, sequence, at, kind, group_id, amount, hard_limit, granted, spent, held, done_by, batch) VALUES ('default', 1, 1, 'limit-set', 'team', 50, 0, 0, 0, 0, 'me', gen_random_uuid())",
            "INSERT INTO spendguard.ledger (tenant, sequence, at, kind, agent, amount, hard_limit, granted, spent, held, content, batch) VALUES ('default', 2, 1, 'budget-set', 'a', 0, 100, 100, 0, 0, '100|0|', gen_random_uuid())",
            string.Format(System.Globalization.CultureInfo.InvariantCulture, Entry, 3),
        ];
        foreach (var sql in books)
        {
            await _database.ExecuteAsync(sql);
        }

        var before = await _database.QueryAsync(Entries);
        await using var store = await OpenAsync();

        Assert.Equal(before, await _database.QueryAsync(Entries));
        Assert.Equal(
            Limit.PerMonth(StoreSteps.Amount(50), "Europe/Berlin").ThatPauses(), Assert.Single((await store.FindPathAsync("team", default))[0].Limits).Limit);
        Assert.Equal(BudgetStatus.Applied, (await store.SettleAsync("r", 3)).Status);
        await Books.AssertBalancedAsync(store);
        var refusal = await Assert.ThrowsAsync<Npgsql.PostgresException>(
            () => _database.ExecuteAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, Entry, 5)));
        Assert.Equal((Npgsql.PostgresErrorCodes.NotNullViolation, "raised"), (refusal.SqlState, refusal.ColumnName));
    }

    [Theory]
    [InlineData("UPDATE spendguard.accounts SET held = held + 1 WHERE node = 'team'")]
    [InlineData("UPDATE spendguard.accounts SET held = held - 1 WHERE node = 'team'")]
    [InlineData("DELETE FROM spendguard.accounts WHERE node = 'team'")]
    public async Task AccountsThatWereEdited_AreRefusedByNodeAndLimit(string edit)
    {
        await using (var store = await OpenAsync())
        {
            await store.GroupAsync("team");
            await store.LimitAsync("team", Limit.PerMonth(StoreSteps.Amount(100)));
            await store.SetAsync("a", 100);
            await store.MoveAsync("a", under: "team");
            await store.ReserveAsync("a", "r", 5, 10);
        }

        await _database.ExecuteAsync(edit);

        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(() => OpenAsync());

        Assert.Contains("Limit month of 'team'", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE spendguard.agent_budgets SET spent = 6 WHERE agent = 'a'")]
    [InlineData("UPDATE spendguard.agent_budgets SET granted = granted + 1")]
    [InlineData("UPDATE spendguard.agent_budgets SET in_flight = in_flight + 1")]
    [InlineData("UPDATE spendguard.reservations SET held = held - 1 WHERE ended IS NULL")]
    [InlineData("DELETE FROM spendguard.ledger WHERE sequence = (SELECT max(sequence) FROM spendguard.ledger)")]
    [InlineData("UPDATE spendguard.ledgers SET last = last - 1")]
    public async Task BooksThatWereEdited_AreRefused(string edit)
    {
        await using (var store = await OpenAsync())
        {
            await store.SetAsync("a", 100);
            await store.SetAsync("b", 100);
            await store.ReserveAsync("a", "r1", 5, 10);
            await store.ReserveAsync("a", "r2", 5, 10);
            await store.SettleAsync("r1", 7);
        }

        await _database.ExecuteAsync(edit);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => OpenAsync());
    }

    private Task<PostgresBudgetStore> OpenAsync(bool autoMigrate = true) => PostgresBudgetStore.OpenAsync(
        new PostgresStoreOptions { ConnectionString = _database.ConnectionString, AutoMigrate = autoMigrate, Timeout = TestDatabase.Patience });

    private Task<(int From, int To)> MigrateAsync() =>
        PostgresBudgetStore.MigrateAsync(new PostgresStoreOptions { ConnectionString = _database.ConnectionString });
}
