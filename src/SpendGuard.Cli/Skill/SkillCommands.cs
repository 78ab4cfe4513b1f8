using System.CommandLine;
using SpendGuard.Cli.Output;

namespace SpendGuard.Cli.Skill;

/// <summary>The <c>skill</c> commands: what a coding agent is told about SpendGuard, put where it looks for skills.</summary>
internal sealed class SkillCommands
{
    private readonly Shell _shell;

    private readonly Option<string?> _to = new("--to")
    {
        Description = "Folder of skills to put it into [default: those of the agents in this folder, else .claude/skills and .agents/skills]",
        HelpName = "folder",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Answer in JSON" };

    public SkillCommands(Shell shell)
    {
        _shell = shell;
        var install = new Command("install", "Put the skill, with its references and script, where coding agents look for skills. What an older version put there is replaced.")
        {
            _to, _json,
        };
        install.SetAction(InstallAsync);
        Command = new Command("skill", "The skill that teaches a coding agent to run others under a budget.") { install };
    }

    public Command Command { get; }

    private async Task InstallAsync(ParseResult parsed, CancellationToken stop)
    {
        IReadOnlyList<string> folders = parsed.GetValue(_to) is { } given ? [Path.Combine(_shell.Folder, given)] : SkillFolders.In(_shell.Folder);
        var installed = new List<string>();
        foreach (var folder in folders)
        {
            installed.Add(await InstallAsync(folder, stop));
        }

        new ReportWriter(_shell, parsed.GetValue(_json)).Write(new InstallReport(installed, SkillContent.Files.Count));
    }

    private static async Task<string> InstallAsync(string folder, CancellationToken stop)
    {
        try
        {
            await SkillContent.WriteAsync(folder, stop);
            return Path.GetFullPath(Path.Combine(folder, SkillContent.Name));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(
                $"The skill cannot be written to {folder}: {exception.Message.TrimEnd('.')}. Name another folder with --to.", innerException: exception);
        }
    }
}
