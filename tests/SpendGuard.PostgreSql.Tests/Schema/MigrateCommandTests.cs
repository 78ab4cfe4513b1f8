using System.Diagnostics;
using SpendGuard.PostgreSql.Schema;
using SpendGuard.PostgreSql.Tests.Server;
using SpendGuard.Testing;

namespace SpendGuard.PostgreSql.Tests.Schema;

/// <summary>The command as it ships, in a process of its own.</summary>
[Trait(Traits.Needs, Traits.Postgres)]
[Trait(Traits.Category, Traits.Slow)]
[Trait(Traits.Needs, Traits.Postgres)]
[Trait(Traits.Category, Traits.Slow)]
public sealed class MigrateCommandTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Migrate_MakesTheTablesOnce()
    {
        Assert.Equal((0, $"from=0\nto={PostgresSchema.LatestVersion}\n", ""), await RunAsync("--postgres", database.ConnectionString));
        Assert.Equal(
            (0, $"from={PostgresSchema.LatestVersion}\nto={PostgresSchema.LatestVersion}\n", ""), await RunAsync("--postgres", database.ConnectionString));

        await using var store = await PostgresBudgetStore.OpenAsync(
            new PostgresStoreOptions { ConnectionString = database.ConnectionString, AutoMigrate = false, Timeout = TestDatabase.Patience });
    }

    [Theory]
    [InlineData(1, "no such database", "--postgres", "Database=nowhere")]
    [InlineData(2, "cannot be read", "--postgres", "secret")]
    [InlineData(2, "CAP_POSTGRES")]
    public async Task Migrate_WhatIsWrong_IsTold(int exitCode, string sentence, params string[] arguments)
    {
        var given = arguments.Select(argument => argument.Replace("Database=", database.ConnectionString + ";Database=", StringComparison.Ordinal));
        var ran = await RunAsync([.. given]);

        Assert.Equal((exitCode, ""), (ran.ExitCode, ran.Output));
        Assert.Contains(sentence, ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", ran.Error, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var program = Repository.Built("SpendGuard.Cli");
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [program, "migrate", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment.Remove("CAP_POSTGRES");
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
