using System.Text.RegularExpressions;

namespace SpendGuard.Testing.Provider.Agents;

/// <summary>
/// A model that works as those of coding agents do: it thinks, looks around with whatever tools the program offers, reads files side by
/// side, has subagents read others, and says at the end what it found. What it cannot have found, it cannot say.
/// </summary>
public sealed partial record ScriptedAgent
{
    private const string Subtask = "SUBTASK";
    private static readonly (string File, string Text)[] Notes =
    [
        ("first.txt", "The first word is mulberry."),
        ("second.txt", "The second word is juniper."),
        ("third.txt", "The third word is hawthorn."),
        ("fourth.txt", "The fourth word is rowan."),
    ];

    private readonly string _folder;
    private int _overloads;

    /// <param name="folder">Where the files are that it reads; they are written here.</param>
    public ScriptedAgent(string folder)
    {
        _folder = folder;
        foreach (var (file, text) in Notes)
        {
            File.WriteAllText(PathOf(file), text + "\n");
        }
    }

    /// <summary>Calls a tool every time, so that the agent never ends by itself.</summary>
    public bool NeverEnds { get; init; }

    /// <summary>What it has a shell do each time, before it counts its steps there.</summary>
    public string Command { get; init; } = "";

    /// <summary>With this status the first calls are answered.</summary>
    public int OverloadStatus { get; init; }

    /// <summary>What is answered then; null for an error of the provider's kind.</summary>
    public string? OverloadBody { get; init; }

    /// <summary>How many calls are answered so.</summary>
    public int Overloads { get; init; }

    /// <summary>The words that an agent says that has done all: those of files that it read itself, and of those that its subagents read.</summary>
    public static IReadOnlyList<string> Words(bool subagents) => subagents ? ["mulberry", "juniper", "hawthorn", "rowan"] : ["mulberry", "juniper"];

    /// <summary>For <see cref="SimulatedProvider.ForRequest"/>.</summary>
    public Behaviour Behave(SimulatedRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Format is not { Generates: true })
        {
            return Behaviour.Honest;
        }

        if (Interlocked.Increment(ref _overloads) <= Overloads)
        {
            return new() { FailWithStatus = OverloadStatus, FailWithBody = OverloadBody, RetryAfter = TimeSpan.FromSeconds(1) };
        }

        var conversation = request.Conversation;
        return new() { Reply = _ => Answer(conversation), CachedShare = conversation.ToolTurns > 0 ? 0.75m : 0 };
    }

    private SimulatedReply Answer(SimulatedConversation conversation)
    {
        var toolbox = new Toolbox(conversation.Tools);
        if (conversation.AnswerSchema is { } schema)
        {
            return SimulatedReply.Say(SchemaSample.Of(schema).ToJsonString());
        }

        if (!toolbox.IsOfUse)
        {
            return SimulatedReply.Say("Words in files");
        }

        if (NeverEnds)
        {
            return Working(toolbox.Run($"{Command}echo step {conversation.ToolTurns}") ?? toolbox.Read(PathOf(Notes[0].File)));
        }

        var steps = Steps(conversation, toolbox);
        return conversation.ToolTurns < steps.Count ? Working([.. steps[conversation.ToolTurns]])
            : toolbox.Report(Found(conversation)) is { } report ? Working(report)
            : SimulatedReply.Say(Found(conversation));
    }

    private List<IReadOnlyList<SimulatedToolCall>> Steps(SimulatedConversation conversation, Toolbox toolbox)
    {
        if (Task().Match(conversation.Said) is { Success: true } task)
        {
            return [[toolbox.Read(PathOf(task.Groups["file"].Value))!]];
        }

        var reads = Notes[..2].Select(note => toolbox.Read(PathOf(note.File))!).ToList();
        var delegated = Notes[2..].Select(note => toolbox.Delegate($"{Subtask}: read {note.File} in {_folder} and tell which word is in it.")).OfType<SimulatedToolCall>().ToList();
        List<IReadOnlyList<SimulatedToolCall>> steps = [[toolbox.Look(_folder)!]];
        steps.AddRange(conversation.AllowsParallelCalls ? [reads] : reads.Select(read => (IReadOnlyList<SimulatedToolCall>)[read]));
        if (delegated.Count > 0)
        {
            steps.Add(delegated);
        }

        return steps;
    }

    private static SimulatedReply Working(params IReadOnlyList<SimulatedToolCall?> calls) => new()
    {
        Thoughts = "There are files to look at, and tools to do it with.",
        Text = "I will look at that.",
        ToolCalls = [.. calls.OfType<SimulatedToolCall>()],
    };

    private static string Found(SimulatedConversation conversation) => string.Join(
        ' ', conversation.ToolResults.SelectMany(result => Word().Matches(result)).Select(found => found.Value).Distinct(StringComparer.Ordinal));

    private string PathOf(string file) => Path.Combine(_folder, file);

    [GeneratedRegex("The (?:first|second|third|fourth) word is \\w+\\.", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Word();

    [GeneratedRegex(Subtask + ": read (?<file>\\S+) in ", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Task();
}
