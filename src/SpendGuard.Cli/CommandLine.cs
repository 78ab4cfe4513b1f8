using System.CommandLine;
using SpendGuard.Cli.Agents;
using SpendGuard.Cli.Alerts;
using SpendGuard.Cli.Approvals;
using SpendGuard.Cli.Bootstrap;
using SpendGuard.Cli.Budgets;
using SpendGuard.Cli.Completion;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Doctor;
using SpendGuard.Cli.Groups;
using SpendGuard.Cli.Hosting;
using SpendGuard.Cli.Keys;
using SpendGuard.Cli.Ledger;
using SpendGuard.Cli.Limits;
using SpendGuard.Cli.Migrations;
using SpendGuard.Cli.Pauses;
using SpendGuard.Cli.Prices;
using SpendGuard.Cli.Reports;
using SpendGuard.Cli.RequestTables;
using SpendGuard.Cli.Runs;
using SpendGuard.Cli.Skill;

namespace SpendGuard.Cli;

/// <summary>The <c>spendguard</c> command: what there is to say, and what each way of ending ends with.</summary>
internal static class CommandLine
{
    /// <summary>A sidecar that is told to stop reads answers of clients that have gone to their end first; it has a limit of its own.</summary>
    private static readonly TimeSpan ShutdownAtMost = TimeSpan.FromMinutes(5);

    public static async Task<int> RunAsync(IReadOnlyList<string> args, Shell shell, CancellationToken cancellationToken = default)
    {
        var parsed = Root(shell).Parse(args.Count == 0 ? ["--help"] : args);
        if (UsageErrors.Of(parsed) is { Count: > 0 } sentences)
        {
            return await RefuseAsync(parsed, sentences, shell);
        }

        try
        {
            var invocation = new InvocationConfiguration
            {
                Output = shell.Output,
                Error = shell.Error,
                EnableDefaultExceptionHandler = false,

                // A run passes signals on to its program, and lasts as long as that.
                ProcessTerminationTimeout = parsed.CommandResult.Command.Name == RunCommand.Name ? null : ShutdownAtMost,
            };
            return await parsed.InvokeAsync(invocation, cancellationToken);
        }
        catch (CommandFailedException failed)
        {
            await shell.Error.WriteLineAsync(failed.Message);
            return failed.ExitCode;
        }
        catch (OperationCanceledException)
        {
            // Whoever asked for the end knows of it.
            return ExitCode.Failed;
        }
    }

    internal static RootCommand Root(Shell shell)
    {
        var connection = new ConnectionOptions(shell);
        return new RootCommand("Hard budgets for AI agents: agents, their budgets and ledger, and the sidecar that holds them to it.")
        {
            new AgentCommands(shell, connection).Command,
            new BudgetCommands(shell, connection).Command,
            new GroupCommands(shell, connection).Command,
            new LimitCommands(shell, connection).Command,
            new ApprovalCommands(shell, connection).Command,
            PauseCommands.Pause(connection),
            PauseCommands.Resume(shell, connection),
            new AlertCommands(connection).Command,
            new ReportCommand(shell, connection).Command,
            new LedgerCommands(shell, connection).Command,
            new BootstrapCommand(connection).Command,
            new RunCommand(shell).Command,
            new RunsCommand(shell).Command,
            new DoctorCommand(shell, connection).Command,
            new SidecarCommand(shell).Command,
            new CompletionCommand(shell).Command,
            new KeyCommands(shell, connection).Command,
            new MigrateCommand(shell).Command,
            new PriceCommands(shell).Command,
            new TableCommands(shell).Command,
            new SkillCommands(shell).Command,
        };
    }

    private static async Task<int> RefuseAsync(ParseResult parsed, IReadOnlyList<string> sentences, Shell shell)
    {
        foreach (var sentence in sentences)
        {
            await shell.Error.WriteLineAsync(sentence);
        }

        await shell.Error.WriteLineAsync($"See: {PathOf(parsed)} --help");
        return ExitCode.Usage;
    }

    private static string PathOf(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (System.CommandLine.Parsing.SymbolResult? at = parsed.CommandResult; at is not null; at = at.Parent)
        {
            if (at is System.CommandLine.Parsing.CommandResult { Command: var command })
            {
                names.Push(command is RootCommand ? "spendguard" : command.Name);
            }
        }

        return string.Join(' ', names);
    }
}
