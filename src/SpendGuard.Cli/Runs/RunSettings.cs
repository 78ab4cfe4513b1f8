using SpendGuard.Cli.Runs.Recipes;
using SpendGuard.Cli.Runs.Records;
using SpendGuard.Cli.Runs.Sidecars;

namespace SpendGuard.Cli.Runs;

/// <summary>The settings of the sidecar inside of a run: those of the environment, but for what makes it a run's own.</summary>
internal static class RunSettings
{
    private const string Path = "CAP_SQLITE_PATH";
    private const string LeastOutput = "SPENDGUARD_LEAST_OUTPUT_TOKENS";
    private static readonly string[] Prices = ["CAP_PRICING_SOURCE", "CAP_PRICING_URL", "CAP_PRICING_FILE"];

    /// <summary>The SQLite file of the ledger.</summary>
    public static string LedgerOf(Shell shell, DataFolder folder) =>
        shell.Variable(Path) is { } set ? System.IO.Path.GetFullPath(System.IO.Path.Combine(shell.Folder, set)) : folder.Ledger;

    /// <exception cref="CommandFailedException">The environment asks for a store that a run does not keep.</exception>
    public static Dictionary<string, string?> Of(Shell shell, DataFolder folder, RecipeDocument recipes)
    {
        if (shell.Variable("CAP_STORE") is { } store && !store.Equals("sqlite", StringComparison.OrdinalIgnoreCase))
        {
            throw new CommandFailedException(
                $"CAP_STORE is '{store}'. A run keeps its ledger in a SQLite file; for budgets elsewhere start a sidecar and name it with --sidecar.", ExitCode.Usage);
        }

        // A variable's two underscores are the colon of a setting, as everywhere.
        var settings = shell.Variables.ToDictionary(
            static variable => variable.Key.Replace("__", ":", StringComparison.Ordinal), static variable => (string?)variable.Value, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, others) in recipes.Aliases.Where(alias => shell.Variable(alias.Key) is null))
        {
            settings[name] = others.Select(shell.Variable).FirstOrDefault(static key => key is not null);
        }

        settings["URLS"] = "http://127.0.0.1:0";
        settings["CAP_MODE"] = "sidecar";
        settings["CAP_STORE"] = "sqlite";
        settings["CAP_POSTGRES"] = null;
        settings[Path] = LedgerOf(shell, folder);

        // Nobody has it: the program is not to raise its own budget.
        settings["CAP_ADMIN_KEY"] = RunGate.NewKey();

        // Who has the run's key is let in, and nobody else: see RunGate.
        settings["SPENDGUARD_REQUIRE_KEYS"] = "false";

        // With fewer, a program takes the half of a sentence for the end of its work, and nobody learns that its budget ran out.
        settings[LeastOutput] = shell.Variable(LeastOutput) ?? "1024";
        if (!Prices.Any(name => shell.Variable(name) is not null))
        {
            settings["CAP_PRICING_SOURCE"] = "bundled";
        }

        return settings;
    }
}
