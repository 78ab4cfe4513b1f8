using System.CommandLine;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Nodes;

namespace SpendGuard.Cli.Agents;

/// <summary><c>spendguard agent …</c>.</summary>
internal sealed class AgentCommands
{
    private readonly Shell _shell;
    private readonly ConnectionOptions _connection;

    public AgentCommands(Shell shell, ConnectionOptions connection)
    {
        (_shell, _connection) = (shell, connection);
        Command = new Command("agent", "Create, list, name and delete agents.") { Create(), List(), Get(), Rename(), Delete() };
        connection.AddTo(Command);
    }

    public Command Command { get; }

    private Command Create()
    {
        var name = new Option<string?>("--name") { Description = "Name for people", HelpName = "name" };
        var alone = new Argument<string?>("name") { Description = "The same, without --name", HelpName = "name", Arity = ArgumentArity.ZeroOrOne };
        var id = new Option<string?>("--id") { Description = "An id of your own [default: a new one]", HelpName = "id" };
        var under = NodeArgument.Under(_connection, "The group that it is under [default: none]");
        var force = NameForce.Option();
        var command = new Command("create", "Create an agent, without a budget.") { alone, name, id, under, force };
        command.Validators.Add(result =>
        {
            if (result.GetResult(name) is not null && result.GetResult(alone)?.Tokens is [_])
            {
                result.AddError("Give the name once: --name, or the name alone.");
            }
        });
        command.SetAction(async (parsed, stop) =>
        {
            using var sidecar = _connection.Connect(parsed);
            var named = parsed.GetValue(name) ?? parsed.GetValue(alone);
            var change = new AgentChange(named, parsed.GetValue(id), parsed.GetValue(under), NameForce.Unique(named, parsed.GetValue(force)));
            var created = await NameForce.OfferAsync(() => sidecar.CreateAgentAsync(change, idempotencyKey: null, stop));
            _connection.Writer(parsed).Write(new AgentCreatedReport(created));
        });
        return command;
    }

    private Command List()
    {
        var command = new Command("list", "List all agents, oldest first.");
        command.SetAction(async (parsed, stop) =>
        {
            using var sidecar = _connection.Connect(parsed);
            _connection.Writer(parsed).Write(new AgentListReport(await AgentReader.ReadAllAsync(sidecar, stop).ToListAsync(stop)));
        });
        return command;
    }

    private Command Get()
    {
        var agent = new AgentChoice(_connection);
        var command = new Command("get", "Show an agent.");
        agent.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            using var sidecar = _connection.Connect(parsed);
            var found = await sidecar.FindAgentAsync(agent.Of(parsed), stop);
            _connection.Writer(parsed).Write(new AgentReport(found));
        });
        return command;
    }

    private Command Rename()
    {
        var agent = new AgentChoice(_connection);
        var name = new Option<string>("--name") { Description = "New name", HelpName = "name", Required = true };
        var force = NameForce.Option();
        var command = new Command("rename", "Give an agent another name.") { name, force };
        agent.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            using var sidecar = _connection.Connect(parsed);
            var change = new AgentChange(parsed.GetRequiredValue(name), UniqueName: NameForce.Unique(parsed.GetRequiredValue(name), parsed.GetValue(force)));
            var renamed = await NameForce.OfferAsync(() => sidecar.ChangeAgentAsync(agent.Of(parsed), change, stop));
            _connection.Writer(parsed).Write(new AgentReport(renamed));
        });
        return command;
    }

    private Command Delete()
    {
        var agent = new AgentChoice(_connection);
        var yes = new Option<bool>("--yes") { Description = "Do not ask, on a terminal either" };
        var command = new Command("delete", "Delete an agent: its budget is closed for good, its keys open nothing any more, its ledger stays.") { yes };
        agent.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            using var sidecar = _connection.Connect(parsed);
            var id = agent.Of(parsed);
            if (_shell.Ask is { } ask && !parsed.GetValue(yes))
            {
                // Before the question: by a name another may be meant than the person thinks of.
                var found = (await sidecar.FindAgentAsync(id, stop)).Body;
                id = found.AgentId;
                var named = found.Name is null ? "" : $" ({found.Name})";
                var question = $"Delete agent {id}{named}? Its budget is closed for good, and its keys open nothing any more. [y/N]";

                // Ctrl+C does not end what reads from a terminal.
                var answer = await Task.Run(() => ask(question), stop).WaitAsync(stop);
                if (answer?.Trim().ToLowerInvariant() is not ("y" or "yes"))
                {
                    throw new CommandFailedException("Nothing was deleted.");
                }
            }

            _connection.Writer(parsed).Write(new AgentDeletedReport(await sidecar.DeleteAgentAsync(id, stop)));
        });
        return command;
    }
}
