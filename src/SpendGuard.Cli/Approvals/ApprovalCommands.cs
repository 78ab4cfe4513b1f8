using System.CommandLine;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Numbers;

namespace SpendGuard.Cli.Approvals;

/// <summary><c>spendguard approvals …</c>.</summary>
internal sealed class ApprovalCommands
{
    private readonly Shell _shell;
    private readonly ConnectionOptions _connection;

    public ApprovalCommands(Shell shell, ConnectionOptions connection)
    {
        _shell = shell;
        _connection = connection;
        Command = new Command("approvals", "What agents that ran out of budget have asked for: list it, approve it for a time, or deny it.") { List(), Approve(), Deny() };
        connection.AddTo(Command);
    }

    public Command Command { get; }

    private Command List()
    {
        var state = new Option<string?>("--state") { Description = "Only those that are pending, approved, denied, over or ended [default: pending; all for all]", HelpName = "state" };
        state.AcceptOnlyFromAmong("pending", "approved", "denied", "over", "ended", "all");
        var command = new Command("list", "List requests for approval, the newest first.") { state };
        command.SetAction(async (parsed, stop) =>
        {
            using var sidecar = _connection.Connect(parsed);
            var wanted = parsed.GetValue(state) ?? "pending";
            var approvals = await ApprovalReader.ReadAllAsync(sidecar, wanted == "all" ? null : wanted, stop).ToListAsync(stop);
            _connection.Writer(parsed).Write(new ApprovalListReport(approvals, wanted, _shell.Time.GetUtcNow()));
        });
        return command;
    }

    private Command Approve()
    {
        var approval = Id();
        var add = new Option<string?>("--add") { Description = "What to add to the limit, in dollars, such as 5 or 50c", HelpName = "dollars" };
        var cents = AmountOption.Cents("--add-cents", "The same in cents");
        var lasting = new Option<string?>("--for") { Description = "For how long, such as 90m, 8h or 2d [default: until the limit's window ends, or is set anew where it has no end]", HelpName = "length" };
        var reason = Reason("Why, for the ledger");
        var command = new Command("approve", "Raise the limit that a request is about, for a time. Calls that wait for it go on.") { approval, add, cents, lasting, reason };
        command.Validators.Add(result =>
        {
            if (result.GetResult(add) is null == result.GetResult(cents) is null)
            {
                result.AddError("Give --add with an amount in dollars, or --add-cents.");
            }
            else if (result.GetValue(add) is { } dollars && !BudgetAmount.TryParse(dollars, out _))
            {
                result.AddError($"'{dollars}' is no amount. Give --add an amount in dollars, such as 5 or 0.50.");
            }
        });
        command.SetAction(async (parsed, stop) =>
        {
            using var sidecar = _connection.Connect(parsed);
            var amount = parsed.GetValue(add) is { } dollars && BudgetAmount.TryParse(dollars, out var given) ? given : parsed.GetValue(cents)!.Value;
            var order = new ApproveOrder(amount.Microcents, parsed.GetValue(lasting), parsed.GetValue(reason));
            _connection.Writer(parsed).Write(new ApprovalReport(await sidecar.ApproveAsync(parsed.GetRequiredValue(approval), order, stop)));
        });
        return command;
    }

    private Command Deny()
    {
        var approval = Id();
        var reason = Reason("Why, for who is refused and for the ledger");
        var command = new Command("deny", "Turn a request down. Calls that wait for it are refused.") { approval, reason };
        command.SetAction(async (parsed, stop) =>
        {
            using var sidecar = _connection.Connect(parsed);
            _connection.Writer(parsed).Write(
                new ApprovalReport(await sidecar.DenyAsync(parsed.GetRequiredValue(approval), parsed.GetValue(reason), stop)));
        });
        return command;
    }

    private static Argument<string> Id() => new("approval") { Description = "The id of the request, as approvals list has it" };

    private static Option<string?> Reason(string description) => new("--reason") { Description = description, HelpName = "text" };
}
