using SpendGuard.Cli.Runs.Children;
using SpendGuard.Testing;

namespace SpendGuard.Cli.Tests.Runs;

/// <summary>What of starting a program is another on Windows, as far as it can be looked at elsewhere: the rules, not the system.</summary>
public sealed class ChildCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Command_IsFoundOnThePath_TheFirstThatCanBeRun()
    {
        Write("a/tool", executable: false);
        Write("b/tool", executable: true);
        Write("c/tool", executable: true);
        var path = string.Join(Path.PathSeparator, _folder.File("a"), _folder.File("b"), _folder.File("c"));

        Assert.Equal(_folder.File("b/tool"), Executable.Find("tool", path, endings: null, "/"));
        Assert.Null(Executable.Find("other", path, endings: null, "/"));
        Assert.Equal(_folder.File("c/tool"), Executable.Find("c/tool", path, endings: null, _folder.Path));
        Assert.Null(Executable.Find("./tool", path, endings: null, _folder.Path));
    }

    [Fact]
    public void OnWindows_TheEndingMayBeLeftOut()
    {
        Write("claude", executable: true);
        Write("claude.cmd", executable: true);
        Write("node.exe", executable: true);

        Assert.Equal(_folder.File("claude.cmd"), Executable.Find("claude", _folder.Path, ".exe;.cmd", "/"));
        Assert.Equal(_folder.File("claude.cmd"), Executable.Find("claude.cmd", _folder.Path, ".exe;.cmd", "/"));
        Assert.Equal(_folder.File("node.exe"), Executable.Find("node", _folder.Path, ".exe;.cmd", "/"));
    }

    [Theory]
    [InlineData("plain", "^^^\"plain^^^\"")]
    [InlineData("a b", "^^^\"a^^^ b^^^\"")]
    [InlineData("a&calc", "^^^\"a^^^&calc^^^\"")]
    [InlineData("%PATH%", "^^^\"^^^%PATH^^^%^^^\"")]
    [InlineData("say \"x\"", "^^^\"say^^^ \\^^^\"x\\^^^\"^^^\"")]
    [InlineData("end\\", "^^^\"end\\\\^^^\"")]
    public void ArgumentsOfACommandFile_MeanNothingToTheInterpreter(string argument, string escaped) =>
        Assert.Equal($"/d /s /v:off /c \"C:\\x.cmd {escaped}\"", CommandShim.Arguments(@"C:\x.cmd", [argument]));

    [Fact]
    public void LineBreak_IsRefused_AsItWouldEndTheCommand() =>
        Assert.Throws<ArgumentException>(() => CommandShim.Arguments("x.cmd", ["one\ntwo"]));

    [Fact]
    public void Title_IsPutBackAtTheEnd_AndWrittenWhenItChanges()
    {
        using var terminal = new StringWriter();
        using (var title = new TerminalTitle(terminal))
        {
            title.Show("one");
            title.Show("one");
            title.Show("two");
        }

        Assert.Equal("\u001b[22;0t\u001b]0;one\a\u001b]0;two\a\u001b[23;0t", terminal.ToString());
    }

    private void Write(string name, bool executable)
    {
        var path = _folder.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "");
        if (executable && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }
}
