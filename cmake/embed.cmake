# Makes a C array of a file: cmake -D FROM=report.css -D TO=css.c -D NAME=html_css -P embed.cmake
# defines NAME[] and NAME_bytes. An array, as a string literal may have 4095 characters only.
file(READ ${FROM} hex HEX)
string(LENGTH "${hex}" digits)
math(EXPR bytes "${digits} / 2")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," array "${hex}")
file(WRITE ${TO} "#include \"report/html/assets.h\"\n\n"
    "const unsigned char ${NAME}[] = {${array}};\nconst size_t ${NAME}_bytes = ${bytes};\n")
