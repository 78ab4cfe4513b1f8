namespace SpendGuard.Cli.Tests.Documentation;

/// <summary>A printed block that <see cref="PrintedCommandTests"/> does not run, and why. Nothing else is left out.</summary>
/// <param name="Page">The page.</param>
/// <param name="FirstLine">The first line of the block; null for all blocks of the page.</param>
/// <param name="Reason">What holds the block to what it says instead, or why nothing can.</param>
internal sealed record NotRun(string Page, string? FirstLine, string Reason)
{
    private const string Pack = "dotnet pack src/SpendGuard.Cli -c Release -m:1 -o artifacts/packages";
    private const string PackReason = "PackedToolTests packs and installs the tool, without touching the user's own tools";

    private const string AddReason = "adds packages that are not published yet to a project; FirstMinutesTests and FirstProjectTests build one with those of the README and of aspnetcore.md";

    public static IReadOnlyList<NotRun> All { get; } =
    [
        new("README.md", "dotnet run --project examples/Quickstart    # a runaway agent against one cent; needs no key",
            "ExampleTests runs the example, and test.sh runs this test"),
        new("README.md", Pack, PackReason),
        new("README.md", "dotnet pack src/SpendGuard -c Release -o artifacts/packages",
            "adds to the user's own sources; FirstMinutesTests does it in an empty home"),
        new("README.md", "dotnet add package SpendGuard.Extensions.AI", AddReason),
        new("references/aspnetcore.md", "dotnet add package SpendGuard.AspNetCore", AddReason),
        new("references/pipelines.md", "dotnet add package SpendGuard.Extensions.AI", AddReason),
        new("references/postgresql.md", "dotnet add package SpendGuard.PostgreSql", AddReason),
        new("references/semantic-kernel.md", "dotnet add package SpendGuard.SemanticKernel", AddReason),
        new("README.md", "spendguard run --budget 5 -- claude -p \"Fix the failing test\"", "RealProgramTests runs it"),
        new("examples/README.md", "dotnet run --project examples/SimulatedProvider          # prints an address, such as http://127.0.0.1:40123",
            "serves until it is stopped; ExampleTests runs the examples, whose scripts start it so"),
        new("references/benchmarks.md", null, "takes a quarter of an hour"),
        new("references/clients.md", "./test.sh --clients                  # on Linux; installs some gigabytes from npm into tests/clients, and needs no key",
            "installs some gigabytes; ProgramTests are what it runs"),
        new("references/clients.md", "(cd tests/clients && npm run newest)", "changes what is pinned, and installs some gigabytes"),
        new("references/cli.md", Pack, PackReason),
        new("references/sidecar.md", "dotnet publish src/SpendGuard.Sidecar -c Release -r linux-x64 -p:PublishAot=true -o artifacts/native",
            "test.sh publishes it so, and the tests of the native sidecar run it"),
        new("references/operations.md", "sqlite3 spendguard.db \".backup back-up.db\"", "needs SQLite's own command, which is not among what the tests ask for"),
        new("references/run.md", "spendguard run --budget 5 -- claude -p \"Fix the failing test\"", "RealProgramTests runs it, and RunCommandTests with a program that every machine has"),
        new("references/prices.md", null, "PricesPageTests runs all of it, with maps to import"),
    ];

    public bool Covers(ShellBlock block) => block.Page == Page && (FirstLine is null || block.FirstLine == FirstLine);
}
