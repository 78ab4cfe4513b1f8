using System.CommandLine;
using SpendGuard.Cli.Agents;
using SpendGuard.Cli.Connection;

namespace SpendGuard.Cli.Doctor;

/// <summary><c>spendguard doctor</c>: checks a set-up and says what to do about the first thing that is wrong.</summary>
internal sealed class DoctorCommand
{
    public DoctorCommand(Shell shell, ConnectionOptions connection)
    {
        var agent = AgentOption.Optional(connection, "Agent to try it with [default: $SPENDGUARD_AGENT_ID, or the oldest]");
        var model = new Option<string?>("--model") { Description = "Model to try it with, such as openai:gpt-4o-mini [default: any]", HelpName = "provider:model" };
        model.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && text.Split(':', 2) is not [{ Length: > 0 }, { Length: > 0 }])
            {
                result.AddError($"--model is '{text}'; it has the form provider:model, such as openai:gpt-4o-mini.");
            }
        });
        var provider = new Option<string?>("--provider") { Description = "Provider whose key has to work [default: that of --model, or any]", HelpName = "name" };
        Command = new Command("doctor", "Check a set-up, without a paid call, and say what to do about the first thing that is wrong.") { agent, model, provider };
        connection.AddTo(Command);
        Command.SetAction(async (parsed, stop) =>
        {
            using var sidecar = connection.Connect(parsed);
            var patient = parsed.GetValue(agent) ?? shell.Variable("SPENDGUARD_AGENT_ID");
            var findings = await new Examination(sidecar, shell.Time, patient, parsed.GetValue(model), parsed.GetValue(provider)).RunAsync(stop);
            var report = new DoctorReport(findings);
            connection.Writer(parsed).Write(report);
            return report.Fault is null ? ExitCode.Done : ExitCode.Failed;
        });
    }

    public Command Command { get; }
}
