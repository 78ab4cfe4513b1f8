namespace SpendGuard.Cli.Skill;

/// <summary>Where coding agents look for the skills of a project.</summary>
internal static class SkillFolders
{
    /// <summary>The first two are read by most agents, one or the other.</summary>
    private static readonly string[] Agents = [".claude", ".agents", ".cursor"];

    /// <summary>The folders of skills of the agents that a project is set up for; where none is, those that most agents read.</summary>
    public static IReadOnlyList<string> In(string project)
    {
        string[] there = [.. Agents.Where(agent => Directory.Exists(Path.Combine(project, agent)))];
        return [.. (there.Length > 0 ? there : Agents[..2]).Select(agent => Path.Combine(project, agent, "skills"))];
    }
}
