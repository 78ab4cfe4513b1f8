using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Pricing;
using SpendGuard.Storage;

namespace SpendGuard.Benchmarks;

/// <summary><c>spendguard report --database</c> over a ledger of a million entries, from the start of the process to its last line.</summary>
/// <remarks>The ledger is made once, by a minute of calls: 500,000 of 50 agents, 20 models and 5 functions, 100 to a run.</remarks>
public class ReportBenchmarks
{
    private const int Calls = 500_000;
    private const int CallsOfRun = 100;
    private const int Callers = 250;

    private static readonly Usage Usage = new() { Input = 60, Output = 20 };

    private static readonly Lazy<Task<string>> Ledger = new(MakeLedgerAsync);

    private string _database = null!;

    [Params("agent", "model", "day", "run", "function", "group")]
    public string By { get; set; } = "";

    [GlobalSetup]
    public async Task SetUpAsync() => _database = await Ledger.Value;

    [Benchmark]
    public async Task<int> Report()
    {
        using var report = Process.Start(new ProcessStartInfo("dotnet", [CommandLine, "report", "--by", By, "--database", _database]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var lines = (await report.StandardOutput.ReadToEndAsync()).Split('\n').Length;
        await report.WaitForExitAsync();
        return report.ExitCode == 0 ? lines : throw new InvalidOperationException($"The report ended with {report.ExitCode}.");
    }

    private static string CommandLine => Path.Combine(
        AppContext.BaseDirectory, "..", "..", "..", "..", "..", "src", "SpendGuard.Cli", "bin", "Release", "net10.0", "SpendGuard.Cli.dll");

    private static async Task<string> MakeLedgerAsync()
    {
        var folder = Directory.CreateTempSubdirectory("spendguard-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        var path = Path.Combine(folder.FullName, "bench.db");
        await using var engine = new SpendGuardEngine(await SqliteBudgetStore.OpenAsync(new SqliteStoreOptions { Path = path }), Some.Prices(20));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(agent => engine.SetBudgetAsync($"agent-{agent}", Money.FromDollars(1_000_000)).AsTask()));
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; i < Calls / Callers; i++)
            {
                await using var reserved = await engine.ReserveAsync(new ModelCall
                {
                    Agent = $"agent-{caller % 50}",
                    Model = new ModelKey("openai", $"model-{i % 20}"),
                    Shape = new CallShape { InputBound = 200, OutputTokens = 500 },
                    Run = new RunId($"run-{caller}-{i / CallsOfRun}"),
                    Function = $"function-{i % 5}",
                });
                await reserved.EndAsync(new ProviderReport { Usage = Usage });
            }
        })));
        return path;
    }
}
