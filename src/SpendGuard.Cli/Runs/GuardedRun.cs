using System.Globalization;
using System.Security.Cryptography;
using SpendGuard.Cli.Runs.Asking;
using SpendGuard.Cli.Runs.Children;
using SpendGuard.Cli.Runs.Recipes;
using SpendGuard.Cli.Runs.Records;
using SpendGuard.Cli.Runs.Sidecars;

namespace SpendGuard.Cli.Runs;

/// <summary>Takes one run from its order to its summary.</summary>
internal sealed class GuardedRun(Shell shell, RunOrder order)
{
    private readonly RecipeBook _recipes = RecipeBook.Read();

    /// <returns>What the program ended with.</returns>
    /// <exception cref="CommandFailedException">The program was not started.</exception>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        var (recipe, ownArguments) = _recipes.Find(order.Command);
        var file = Executable.Find(order.Command[0], shell.Folder)
            ?? throw new CommandFailedException($"There is no program '{order.Command[0]}' on the path.", ExitCode.NotFound);
        var folder = DataFolder.Open();
        var records = new RunRecords(folder);
        records.RemoveLeftFiles();
        var run = IdOf(order.Command[0]);
        var agent = order.Agent ?? new AgentId(run);

        using var terminal = order.Ask ? Terminal.Open() ?? throw NoTerminal() : null;
        await using var sidecar = await OpenSidecarAsync(folder, run, () => agent, terminal, stop);
        RequireReady(sidecar, recipe);
        agent = await AgentAsync(sidecar, agent, stop);
        var before = await sidecar.FindLastEntryAsync(agent, stop);
        var budget = await RunGrant.GiveAsync(sidecar, order, agent, shell.Time.GetLocalNow(), stop);
        var record = new RunRecord
        {
            Run = run,
            Agent = agent.Value,
            Program = recipe.Name,
            StartedAt = shell.Time.GetUtcNow(),
            BudgetMicrocents = budget.Remaining.Microcents,
            Ledger = order.Sidecar is null ? RunSettings.LedgerOf(shell, folder) : null,
            Sidecar = order.Sidecar?.AbsoluteUri,
            LedgerBefore = before,
        };
        using var running = records.Begin(record);
        await TellStartAsync(sidecar, recipe, record, budget);
        int exitCode;
        try
        {
            exitCode = await ChildAsync(sidecar, folder, recipe, ownArguments, file, record, budget);
        }
        catch (CommandFailedException failed)
        {
            records.Write(record with { EndedAt = shell.Time.GetUtcNow(), ExitCode = failed.ExitCode });
            throw;
        }

        var costs = new RunCosts();
        await foreach (var entry in sidecar.ReadLedgerAsync(agent, new RunId(run), before, CancellationToken.None))
        {
            costs.Add(entry);
        }

        record = record with
        {
            EndedAt = shell.Time.GetUtcNow(),
            ExitCode = exitCode,
            Refused = sidecar.Refused,
            Locked = sidecar.Locked,
            Costs = order.Sidecar is null ? null : [.. costs.Models.Select(static model => new RecordedCost(model.Model, model.Calls, model.Charged.Microcents))],
        };
        records.Write(record);
        await TellEndAsync(new RunSummary(record, costs, await sidecar.FindBudgetAsync(agent, CancellationToken.None) ?? budget));
        return exitCode;
    }

    /// <summary>The agent as it is meant; a new one where there is none and it is given a budget.</summary>
    private async Task<AgentId> AgentAsync(IRunSidecar sidecar, AgentId said, CancellationToken stop)
    {
        if (await sidecar.FindAgentAsync(said.Value, stop) is { } found)
        {
            return found;
        }

        if (order.Budget is null)
        {
            throw RunGrant.NoBudget(said);
        }

        await sidecar.CreateAgentAsync(said, stop);
        return said;
    }

    private async Task<IRunSidecar> OpenSidecarAsync(DataFolder folder, string run, Func<AgentId> agent, Terminal? terminal, CancellationToken stop)
    {
        if (order.Sidecar is { } address)
        {
            return await GivenSidecar.ConnectAsync(address, order.ApiKey, shell.Time, stop);
        }

        InnerSidecar? inner = null;
        var question = terminal is null ? null : new BudgetQuestion(
            terminal.Write, terminal.ReadLineAsync, (amount, raise) => inner!.RaiseAsync(agent(), amount, $"run:ask:{run}:{raise}"));
        return inner = await InnerSidecar.StartAsync(RunSettings.Of(shell, folder, _recipes.Document), folder, run, question, stop);
    }

    /// <summary>Starts the program, waits for its end, and for the end of its calls.</summary>
    private async Task<int> ChildAsync(IRunSidecar sidecar, DataFolder folder, Recipe recipe, int ownArguments, string file, RunRecord record, RunBudget budget)
    {
        using var own = new PrivateFolder(folder.FilesOf(record.Run));
        var key = await sidecar.OpenAsync(new AgentId(record.Agent), new RunId(record.Run), CancellationToken.None);
        var general = new PreparedCommand(_recipes.Document.General, order.Command, ownArguments, sidecar.Origin, key, own.Path);
        var prepared = new PreparedCommand(recipe, order.Command, ownArguments, sidecar.Origin, key, own.Path);
        PrivateFolder.Write(prepared.Files);
        if (recipe.Home is { } home)
        {
            var users = shell.Variables.GetValueOrDefault(home.Variable) is { Length: > 0 } named ? named : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            StandInHome.Make(home, prepared.Home!, users);
        }

        var secrets = (string[])[.. _recipes.Document.Secrets, .. sidecar.Keys.Select(static held => held.Value)];
        var environment = ChildEnvironment.Of(shell.Variables, secrets, general.Environment, prepared.Environment);

        if (prepared.OwnOption is { } option)
        {
            await shell.Error.WriteLineAsync($"spendguard: {option} of your own stands in place of the run's. What it does not set, other settings of {recipe.Name} may: those can lead past the run.");
        }

        using var title = new RunTitle(shell, sidecar, record, budget);
        using var child = ChildProcess.Start(file, prepared.Arguments, environment, shell.Folder, shell.Time);
        var exitCode = await child.WaitAsync();
        if (await sidecar.FindBudgetAsync(new AgentId(record.Agent), CancellationToken.None) is { InFlight: > 0 and var answers })
        {
            await shell.Error.WriteLineAsync($"spendguard: {RunSummary.Count(answers, "call")} of agent {record.Agent} had no end yet; this run waits for its own. Ctrl+C leaves what is held for them to expire.");
        }

        await sidecar.CloseAsync(child.Impatient);
        return exitCode;
    }

    private static void RequireReady(IRunSidecar sidecar, Recipe recipe)
    {
        var missing = sidecar.MissingKeys.Where(key => recipe.Providers.Count == 0 || recipe.Providers.Contains(key.Key, StringComparer.Ordinal)).ToList();
        var has = sidecar.Keys.Any(key => recipe.Providers.Count == 0 || recipe.Providers.Contains(key.Key, StringComparer.Ordinal));
        if (!has && missing.Count > 0)
        {
            throw new CommandFailedException(
                $"{recipe.Name} cannot be run: {string.Join(" or ", missing.Select(static key => key.Value))} is not set. A login of the program's own is not used in a run, as nobody could meter it.",
                ExitCode.Usage);
        }

        if (sidecar.NotReady.Count > 0)
        {
            throw new CommandFailedException($"Calls cannot be served: {string.Join(" ", sidecar.NotReady)}");
        }
    }

    private async Task TellStartAsync(IRunSidecar sidecar, Recipe recipe, RunRecord record, RunBudget budget)
    {
        var goesOn = budget.Remaining == budget.Limit ? "" : $" ({budget.Limit} at most, less what was spent before)";
        await shell.Error.WriteLineAsync($"spendguard: {record.Program} may spend {budget.Remaining}{goesOn}, as agent {record.Agent}.");
        if (budget.Held > Money.Zero)
        {
            await shell.Error.WriteLineAsync($"spendguard: {budget.Held} of that are held for calls of other runs, and are spent when those end; those of a run that was killed within 5 minutes.");
        }

        foreach (var notice in sidecar.Notices)
        {
            await shell.Error.WriteLineAsync("spendguard: " + notice);
        }
    }

    private async Task TellEndAsync(RunSummary summary)
    {
        // The program may have left its last line without an end.
        await shell.Error.WriteLineAsync();
        foreach (var line in order.Json ? [summary.Json.ToJsonString()] : summary.Lines)
        {
            await shell.Error.WriteLineAsync(line);
        }
    }

    private static CommandFailedException NoTerminal() =>
        new("--ask asks on the terminal, and there is none. Leave it out, or give a budget that is enough.", ExitCode.Usage);

    private string IdOf(string command)
    {
        var name = new string([.. RecipeBook.NameOf(command).Where(char.IsAsciiLetterOrDigit).Take(40)]);
        var at = shell.Time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture);
        return $"run-{(name.Length > 0 ? name.ToLowerInvariant() : "program")}-{at}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}";
    }
}
