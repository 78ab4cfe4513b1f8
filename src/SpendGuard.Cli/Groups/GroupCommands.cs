using System.CommandLine;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Nodes;

namespace SpendGuard.Cli.Groups;

/// <summary><c>spendguard group …</c>.</summary>
internal sealed class GroupCommands
{
    private readonly Shell _shell;
    private readonly ConnectionOptions _connection;

    public GroupCommands(Shell shell, ConnectionOptions connection)
    {
        _shell = shell;
        _connection = connection;
        Command = new Command("group", "Groups above agents, such as teams and customers: create, list, show, move, name and delete them.")
        {
            Create(), List(), Show(), Move(), Rename(), Delete(),
        };
        connection.AddTo(Command);
    }

    public Command Command { get; }

    private Command Create()
    {
        var group = NodeArgument.Group(_connection);
        var name = new Option<string?>("--name") { Description = "Name for people", HelpName = "name" };
        var under = NodeArgument.Under(_connection, "The group that it is under [default: none]");
        var force = NameForce.Option();
        var command = new Command("create", "Create a group. One that is there is given the name and the place.") { group, name, under, force };
        command.SetAction(async (parsed, stop) =>
        {
            using var sidecar = _connection.Connect(parsed);
            var change = new GroupChange(parsed.GetValue(name), parsed.GetValue(under), NameForce.Unique(parsed.GetValue(name), parsed.GetValue(force)));
            _connection.Writer(parsed).Write(new GroupReport(await NameForce.OfferAsync(() => sidecar.PutGroupAsync(parsed.GetRequiredValue(group), change, stop))));
        });
        return command;
    }

    private Command List()
    {
        var command = new Command("list", "List all groups.");
        command.SetAction(async (parsed, stop) =>
        {
            using var sidecar = _connection.Connect(parsed);
            _connection.Writer(parsed).Write(new GroupListReport(await NodeReader.ReadGroupsAsync(sidecar, stop).ToListAsync(stop)));
        });
        return command;
    }

    private Command Show()
    {
        var group = NodeArgument.Group(_connection);
        var command = new Command("show", "Show a group and its limits.") { group };
        command.SetAction(async (parsed, stop) =>
        {
            using var sidecar = _connection.Connect(parsed);
            var found = await sidecar.FindGroupAsync(parsed.GetRequiredValue(group), stop);
            var limits = await sidecar.ListLimitsAsync(new NodeName(found.Body.GroupId, IsAgent: false), stop);
            _connection.Writer(parsed).Write(new GroupShownReport(found, limits, _shell.Time.GetUtcNow()));
        });
        return command;
    }

    private Command Move()
    {
        var node = NodeArgument.Node(_connection);
        var under = NodeArgument.Under(_connection, "The group that it is under from now on");
        var top = new Option<bool>("--top") { Description = "Under no group from now on" };
        var command = new Command("move", "Put an agent or a group under a group. Calls in flight stay in the limits that they were held in.") { node, under, top };
        command.Validators.Add(result =>
        {
            if (result.GetValue(under) is not null == result.GetValue(top))
            {
                result.AddError("Give --under with a group, or --top for none.");
            }
        });
        command.SetAction(async (parsed, stop) =>
        {
            using var sidecar = _connection.Connect(parsed);
            var moved = await NodeReader.FindAsync(sidecar, parsed.GetRequiredValue(node), stop);
            var group = parsed.GetValue(under) is { } named ? (await sidecar.FindGroupAsync(named, stop)).Body.GroupId : null;
            _connection.Writer(parsed).Write(new MovedReport(moved, group, await sidecar.MoveAsync(moved, group, stop)));
        });
        return command;
    }

    private Command Rename()
    {
        var group = NodeArgument.Group(_connection);
        var name = new Option<string>("--name") { Description = "New name", HelpName = "name", Required = true };
        var force = NameForce.Option();
        var command = new Command("rename", "Give a group another name.") { group, name, force };
        command.SetAction(async (parsed, stop) =>
        {
            using var sidecar = _connection.Connect(parsed);
            var found = await sidecar.FindGroupAsync(parsed.GetRequiredValue(group), stop);
            var change = new GroupChange(parsed.GetRequiredValue(name), Under: null, NameForce.Unique(parsed.GetRequiredValue(name), parsed.GetValue(force)));
            var renamed = await NameForce.OfferAsync(() => sidecar.PutGroupAsync(found.Body.GroupId, change, stop));
            _connection.Writer(parsed).Write(new GroupReport(renamed));
        });
        return command;
    }

    private Command Delete()
    {
        var group = NodeArgument.Group(_connection);
        var command = new Command("delete", "Delete a group that nothing is under. Its ledger stays.") { group };
        command.SetAction(async (parsed, stop) =>
        {
            using var sidecar = _connection.Connect(parsed);
            _connection.Writer(parsed).Write(new GroupDeletedReport(await sidecar.DeleteGroupAsync(parsed.GetRequiredValue(group), stop)));
        });
        return command;
    }
}
