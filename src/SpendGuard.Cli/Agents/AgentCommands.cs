using System.CommandLine;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Nodes;

namespace SpendGuard.Cli.Agents;

/// <summary><c>spendguard agent …</c>.</summary>
internal sealed class AgentCommands
{
    private readonly ConnectionOptions _connection;

    public AgentCommands(ConnectionOptions connection)
    {
        _connection = connection;
        Command = new Command("agent", "Create, list, name and delete agents.") { Create(), List(), Get(), Rename(), Delete() };
        connection.AddTo(Command);
    }

    public Command Command { get; }

    private Command Create()
    {
        var name = new Option<string?>("--name") { Description = "Name for people", HelpName = "name" };
        var id = new Option<string?>("--id") { Description = "An id of your own [default: a new one]", HelpName = "id" };
        var under = NodeArgument.Under(_connection, "The group that it is under [default: none]");
        var command = new Command("create", "Create an agent, without a budget.") { name, id, under };
        command.SetAction(async (parsed, stop) =>
        {
            using var sidecar = _connection.Connect(parsed);
            var created = await sidecar.CreateAgentAsync(new AgentChange(parsed.GetValue(name), parsed.GetValue(id), parsed.GetValue(under)), idempotencyKey: null, stop);
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
        var agent = AgentOption.Required(_connection);
        var command = new Command("get", "Show an agent.") { agent };
        command.SetAction(async (parsed, stop) =>
        {
            using var sidecar = _connection.Connect(parsed);
            var found = await sidecar.FindAgentAsync(parsed.GetRequiredValue(agent), stop);
            _connection.Writer(parsed).Write(new AgentReport(found));
        });
        return command;
    }

    private Command Rename()
    {
        var agent = AgentOption.Required(_connection);
        var name = new Option<string>("--name") { Description = "New name", HelpName = "name", Required = true };
        var command = new Command("rename", "Give an agent another name.") { agent, name };
        command.SetAction(async (parsed, stop) =>
        {
            using var sidecar = _connection.Connect(parsed);
            var renamed = await sidecar.RenameAgentAsync(parsed.GetRequiredValue(agent), parsed.GetRequiredValue(name), stop);
            _connection.Writer(parsed).Write(new AgentReport(renamed));
        });
        return command;
    }

    private Command Delete()
    {
        var agent = AgentOption.Required(_connection);
        var command = new Command("delete", "Delete an agent: its budget is closed for good, its keys open nothing any more, its ledger stays.") { agent };
        command.SetAction(async (parsed, stop) =>
        {
            using var sidecar = _connection.Connect(parsed);
            var deleted = await sidecar.DeleteAgentAsync(parsed.GetRequiredValue(agent), stop);
            _connection.Writer(parsed).Write(new AgentDeletedReport(deleted));
        });
        return command;
    }
}
