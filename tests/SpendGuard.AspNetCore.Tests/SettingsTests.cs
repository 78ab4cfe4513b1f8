using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SpendGuard.Testing;

namespace SpendGuard.AspNetCore.Tests;

/// <summary>The settings under <c>SpendGuard</c>.</summary>
public sealed class SettingsTests
{
    [Fact]
    public void AddSpendGuard_WithFaults_NamesAllOfThemAtOnce()
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Builder(new()
        {
            ["LockdWait"] = "00:00:10",
            ["Colour"] = "red",
            ["LockedWait"] = "30",
            ["DefaultOutputTokens"] = "0",
            ["FirstMaxCallShare"] = "101",
            ["MaxBackgroundCalls"] = "many",
            ["SingleCallsWait"] = "perhaps",
            ["ReservationLifetime"] = " ",
            ["LongestCall:Hours"] = "1",
            ["PriceFile"] = "nowhere.json",
            ["Sqlite"] = "budgets.db",
            ["Postgres"] = "Host=db;Password=hunter2",
        }).AddSpendGuard());

        Assert.Equal(
            [
                "SpendGuard:Colour is no setting. There are ApprovalWait, DefaultOutputTokens,",
                "SpendGuard:DefaultOutputTokens is '0'. The option has to be at least 1.",
                "SpendGuard:FirstMaxCallShare is '101'. A share is 1 to 100 percent.",
                "SpendGuard:LockdWait is no setting. Did you mean SpendGuard:LockedWait?",
                "SpendGuard:LockedWait is '30', and takes a time as hours:minutes:seconds, such as 00:00:30.",
                "SpendGuard:LongestCall takes one value, and has settings below it.",
                "SpendGuard:MaxBackgroundCalls is 'many', and takes a whole number.",
                "SpendGuard:Postgres is set, and the application has not said what for.",
                "SpendGuard:PriceFile names '",
                "SpendGuard:ReservationLifetime is empty.",
                "SpendGuard:SingleCallsWait is 'perhaps', and takes true or false.",
                "SpendGuard:Sqlite and SpendGuard:Postgres both name a store.",
            ],
            failure.Failures.Order(StringComparer.Ordinal),
            static (expected, actual) => actual.StartsWith(expected, StringComparison.Ordinal));
        Assert.DoesNotContain("hunter2", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddSpendGuard_InAWorker_WorksByItsSettings()
    {
        using var folder = new TempFolder();
        var builder = Builder(new() { ["sqlite"] = "budgets.db", ["LockedWait"] = "00:00:07", ["DefaultOutputTokens"] = "123" }, folder.Path);
        SpendGuardOptions? seen = null;
        builder.AddSpendGuard(options => seen = options);
        using var host = builder.Build();

        await host.Services.GetRequiredService<SpendGuardEngine>().SetBudgetAsync("a", Money.FromDollars(1));

        Assert.Equal((TimeSpan.FromSeconds(7), 123L), (seen!.LockedWait, seen.DefaultOutputTokens));
        Assert.True(File.Exists(folder.File("budgets.db")));
    }

    [Fact]
    public void AddSpendGuard_WithPostgres_IsWhatTheApplicationSaysItIs()
    {
        var builder = Builder(new() { ["Postgres"] = "Host=db;Username=spend" });
        var connections = new List<string>();
        builder.AddSpendGuard(postgres: (options, connection) =>
        {
            connections.Add(connection);
            return options.UsePostgres(connection);
        });

        Assert.All(connections, connection => Assert.Equal("Host=db;Username=spend", connection));
        Assert.NotEmpty(connections);
    }

    [Theory]
    [InlineData("Sqlite", ":memory:", "SpendGuard:Sqlite is ':memory:'. It takes the path of a file, such as spendguard.db.")]
    [InlineData("Sqlite", "Data Source=app.db", "SpendGuard:Sqlite is 'Data Source=app.db'. It takes the path of a file, such as spendguard.db.")]
    [InlineData("ReservationLifetime", "99999.00:00:00", "SpendGuard:ReservationLifetime is '99999.00:00:00'. The option has to be at most 7.00:00:00.")]
    [InlineData("LongestCall", "8.00:00:00", "SpendGuard:LongestCall is '8.00:00:00'. The option has to be at most 7.00:00:00.")]
    public void AddSpendGuard_WithAValueThatIsNone_NamesIt(string name, string value, string fault)
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Builder(new() { [name] = value }).AddSpendGuard());

        Assert.StartsWith(fault, Assert.Single(failure.Failures), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Hoost=db;Password=hunter2")]
    [InlineData("Password=hunter2")]
    [InlineData("Host=db;Password=hunter2;Minimum Pool Size=50;Maximum Pool Size=5")]
    public void AddSpendGuard_WithAConnectionStringThatCannotBeRead_KeepsThePasswordToItself(string connectionString)
    {
        var failure = Assert.Throws<OptionsValidationException>(() =>
            Builder(new() { ["Postgres"] = connectionString }).AddSpendGuard(postgres: PostgresOptionsExtensions.UsePostgres));

        Assert.StartsWith("SpendGuard:Postgres cannot be read as a connection string", Assert.Single(failure.Failures), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void AddSpendGuard_WithAStoreInSettingsAndInCode_SaysSo()
    {
        var failure = Assert.Throws<InvalidOperationException>(() =>
            Builder(new() { ["Sqlite"] = "budgets.db" }).AddSpendGuard(options => options.UseInMemoryStore()));

        Assert.Contains("SpendGuard:Sqlite names the store", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddSpendGuard_WithoutSettings_TakesWhatTheCodeSays() =>
        Builder([]).AddSpendGuard(options => options.UseInMemoryStore()).Services.AddSpendGuard(options => options.DefaultOutputTokens = 5);

    private static HostApplicationBuilder Builder(Dictionary<string, string?> settings, string? root = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = root });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => "SpendGuard:" + setting.Key, setting => setting.Value));
        return builder;
    }
}
