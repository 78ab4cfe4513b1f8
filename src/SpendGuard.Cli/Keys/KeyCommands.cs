using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using SpendGuard.Budgets;
using SpendGuard.Cli.Output;
using SpendGuard.PostgreSql;
using SpendGuard.PostgreSql.Keys;

namespace SpendGuard.Cli.Keys;

/// <summary><c>spendguard key …</c>: works on the database, not over HTTP, so that only who has the database can make keys.</summary>
internal sealed class KeyCommands
{
    private readonly Shell _shell;
    private readonly Option<string?> _postgres = new("--postgres") { Description = "Connection string [default: CAP_POSTGRES]", HelpName = "string", Recursive = true };
    private readonly Option<bool> _json = new("--json") { Description = "Print the answer as JSON", Recursive = true };

    public KeyCommands(Shell shell)
    {
        _shell = shell;
        Command = new Command("key", "Create, list and revoke the API keys of hosted mode, on the host.") { Create(), List(), Revoke() };
        Command.Options.Add(_postgres);
        Command.Options.Add(_json);
    }

    public Command Command { get; }

    private Command Create()
    {
        var organization = new Option<string>("--organization") { Description = "Whose agents it opens", HelpName = "id", Required = true };
        var scopes = new Option<string[]>("--scope")
        {
            Description = "cap:use, cap:admin or both",
            HelpName = "scope",
            AllowMultipleArgumentsPerToken = true,
            Required = true,
        };
        scopes.AcceptOnlyFromAmong("cap:use", "cap:admin");
        var agent = new Option<string?>("--agent") { Description = "The only agent that it opens", HelpName = "id" };
        var name = new Option<string?>("--name") { Description = "What it is for", HelpName = "name" };
        var test = new Option<bool>("--test") { Description = "A key that is told apart as a test key" };
        var command = new Command("create", "Create a key. It is shown once.") { organization, scopes, agent, name, test };
        command.SetAction(async (parsed, stop) =>
        {
            var request = new NewApiKey(
                parsed.GetRequiredValue(organization),
                parsed.GetRequiredValue(scopes).Aggregate(ApiKeyScopes.None, (all, scope) => all | KeyScope.Parse(scope)),
                parsed.GetValue(agent) is { } bound ? new AgentId(bound) : (AgentId?)null,
                parsed.GetValue(name),
                Live: !parsed.GetValue(test));
            await RunAsync(parsed, async keys => new KeyCreatedReport(request, await keys.CreateAsync(request, _shell.Time.GetUtcNow(), stop)), stop);
        });
        return command;
    }

    private Command List()
    {
        var organization = new Option<string?>("--organization") { Description = "Only its keys", HelpName = "id" };
        var command = new Command("list", "List the keys, oldest first. The keys themselves are not kept.") { organization };
        command.SetAction((parsed, stop) =>
            RunAsync(parsed, async keys => new KeyListReport(await keys.ListAsync(parsed.GetValue(organization), stop)), stop));
        return command;
    }

    private Command Revoke()
    {
        var id = new Option<string>("--key") { Description = "Id of the key, as 'key list' shows it", HelpName = "id", Required = true };
        var command = new Command("revoke", "Take a key out of force, at once and for good.") { id };
        command.SetAction((parsed, stop) => RunAsync(parsed, async keys =>
            await keys.RevokeAsync(parsed.GetRequiredValue(id), _shell.Time.GetUtcNow(), stop) is { } key
                ? new KeyReport(key)
                : throw new CommandFailedException($"There is no key '{parsed.GetRequiredValue(id)}'. See: spendguard key list"), stop));
        return command;
    }

    private async Task RunAsync(ParseResult parsed, Func<ApiKeyStore, Task<IReport>> run, CancellationToken stop)
    {
        var connection = parsed.GetValue(_postgres) ?? _shell.Variable("CAP_POSTGRES") ?? throw new CommandFailedException(
            "Which database has the keys? Give --postgres, or set CAP_POSTGRES.", ExitCode.Usage);
        try
        {
            await using var database = PostgresConnections.Open(connection);

            // The first key is made before any sidecar has used the database.
            await PostgresBudgetStore.MigrateAsync(new PostgresStoreOptions { Connections = database }, stop);
            new ReportWriter(_shell, parsed.GetValue(_json)).Write(await run(new ApiKeyStore(database, NullLogger<ApiKeyStore>.Instance)));
        }
        catch (StoreUnavailableException unavailable)
        {
            throw new CommandFailedException(unavailable.Message, innerException: unavailable);
        }
        catch (ArgumentException wrong)
        {
            throw new CommandFailedException(wrong.Message.Split(" (Parameter", 2)[0], ExitCode.Usage, wrong);
        }
    }
}
