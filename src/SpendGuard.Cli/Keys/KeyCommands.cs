using System.CommandLine;
using SpendGuard.Budgets;
using SpendGuard.Cli.Agents;
using SpendGuard.Cli.Connection;
using SpendGuard.PostgreSql.Keys;

namespace SpendGuard.Cli.Keys;

/// <summary>
/// <c>spendguard key …</c>: of an agent, asks its sidecar; with an organisation or without an agent, works on the database of hosted mode,
/// so that only who has the database can make keys that open more than one agent.
/// </summary>
internal sealed class KeyCommands
{
    private readonly Shell _shell;
    private readonly ConnectionOptions _connection;
    private readonly KeyDatabase _database;

    public KeyCommands(Shell shell, ConnectionOptions connection)
    {
        _shell = shell;
        _connection = connection;
        _database = new KeyDatabase(shell);
        Command = new Command("key", "Create, list and revoke API keys: an agent's, at its sidecar, or those of hosted mode, on the host.")
        {
            Create(), List(), Revoke(),
        };
        _database.AddTo(Command);
        connection.AddTo(Command);
    }

    public Command Command { get; }

    private Command Create()
    {
        var agent = AgentOption.Optional(_connection, "The agent that the key is");
        var organization = Organization("On the host of hosted mode: whose agents it opens, or this one's agent");
        var scopes = new Option<string[]>("--scope")
        {
            Description = "With --organization: cap:use, cap:admin, or the two of them (--scope cap:use cap:admin) [default for an agent: cap:use]",
            HelpName = "scope",
            AllowMultipleArgumentsPerToken = true,
        };
        scopes.AcceptOnlyFromAmong("cap:use", "cap:admin");
        var name = new Option<string?>("--name") { Description = "What it is for", HelpName = "name" };
        var test = new Option<bool>("--test") { Description = "With --organization: a key that is told apart as a test key" };
        var command = new Command("create", "Create a key. It is shown once.") { agent, name, organization, scopes, test };
        command.SetAction(async (parsed, stop) =>
        {
            var (owner, bound) = (parsed.GetValue(organization), parsed.GetValue(agent));
            var asked = parsed.GetValue(scopes) ?? [];
            if (owner is null)
            {
                await CreateAtSidecarAsync(parsed, bound, parsed.GetValue(name), asked.Length > 0 || parsed.GetValue(test), stop);
                return;
            }

            if (asked.Length == 0 && bound is null)
            {
                throw Usage("Which scope? Give --scope cap:use, --scope cap:admin, or --scope cap:use cap:admin.");
            }

            var request = new NewApiKey(
                owner,
                asked.Length == 0 ? ApiKeyScopes.Use : asked.Aggregate(ApiKeyScopes.None, (all, scope) => all | KeyScope.Parse(scope)),
                KeyDatabase.Agent(bound),
                parsed.GetValue(name),
                Live: !parsed.GetValue(test));
            _connection.Writer(parsed).Write(await _database.UseAsync(
                parsed, async keys => new KeyCreatedReport(request, await keys.CreateAsync(request, _shell.Time.GetUtcNow(), stop)), stop));
        });
        return command;
    }

    private async Task CreateAtSidecarAsync(ParseResult parsed, string? agent, string? name, bool hasMore, CancellationToken stop)
    {
        if (agent is null || hasMore || _database.IsNamed(parsed))
        {
            throw Usage(agent is null
                ? "Whose key is it? Give --agent for an agent of a sidecar, or --organization on the host of hosted mode."
                : "--scope, --test and --postgres are for keys of hosted mode, made on its host. Give --organization too, or leave them out.");
        }

        using var sidecar = _connection.Connect(parsed);
        _connection.Writer(parsed).Write(new AgentKeyCreatedReport(await sidecar.CreateKeyAsync(agent, name, stop), sidecar.Address));
    }

    private Command List()
    {
        var agent = AgentOption.Optional(_connection, "Only this agent's");
        var organization = Organization("On the host of hosted mode: only its keys");
        var command = new Command("list", "List an agent's keys, or on the host all, oldest first. The keys themselves are not kept.") { agent, organization };
        command.SetAction(async (parsed, stop) =>
        {
            var (owner, bound) = (parsed.GetValue(organization), parsed.GetValue(agent));
            if (bound is not null && owner is null && !_database.IsNamed(parsed))
            {
                using var sidecar = _connection.Connect(parsed);
                _connection.Writer(parsed).Write(new AgentKeyListReport(await sidecar.ListKeysAsync(bound, stop), bound));
                return;
            }

            _connection.Writer(parsed).Write(await _database.UseAsync(
                parsed, async keys => new KeyListReport(await keys.ListAsync(owner, KeyDatabase.Agent(bound), stop)), stop));
        });
        return command;
    }

    private Command Revoke()
    {
        var agent = AgentOption.Optional(_connection, "Whose key it is, at a sidecar");
        var id = new Option<string>("--key") { Description = "Id of the key, as 'key list' shows it", HelpName = "id", Required = true };
        var command = new Command("revoke", "Take a key out of force, within a second and for good.") { id, agent };
        command.SetAction(async (parsed, stop) =>
        {
            var key = parsed.GetRequiredValue(id);
            if (parsed.GetValue(agent) is { } bound && !_database.IsNamed(parsed))
            {
                using var sidecar = _connection.Connect(parsed);
                _connection.Writer(parsed).Write(new AgentKeyReport(await sidecar.RevokeKeyAsync(bound, key, stop)));
                return;
            }

            _connection.Writer(parsed).Write(await _database.UseAsync(
                parsed,
                async keys => await keys.RevokeAsync(key, _shell.Time.GetUtcNow(), stop) is { } revoked
                    ? new KeyReport(revoked)
                    : throw new CommandFailedException($"There is no key '{key}'. See: spendguard key list"),
                stop));
        });
        return command;
    }

    private static Option<string?> Organization(string description) => new("--organization") { Description = description, HelpName = "id" };

    private static CommandFailedException Usage(string sentence) => new(sentence, ExitCode.Usage);
}
